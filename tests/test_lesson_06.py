"""Lesson 6: the numbers that it promises stand in executed cells."""

import re
from pathlib import Path

import nbformat
import pytest

LESSON = Path(__file__).parents[1] / "notebooks" / "06_mlp_bp1_bp4.ipynb"

W1_OF_THE_BOOK = r"\[\[0\.03125, 0\.0625\], \[-0\.09375, -0\.1875\]\]"

# what, source of the cell, pattern that its output must contain
NUMBERS = [
    ("the cost", 'print("C  =", C)', r"(?s)z1 = \[0\.0, 0\.0\]\na1 = \[0\.5, 0\.5\].*C  = 0\.125\n"),
    ("the gradients, measured", "measured[name].round", "w1 = " + W1_OF_THE_BOOK),
    ("BP1", 'print(f"dC/da', r"dC/da = 0\.5000, slope = 0\.2500, delta2 = 0\.1250"),
    ("BP2", 'print("BP2:     "', r"BP2: +\[0\.03125, -0\.09375\]\nmeasured: \[0\.03125, -0\.09375\]"),
    ("as misprinted", "as_printed", r"every j: 0\.03125\n.*0\.03125 and -0\.09375"),
    ("BP4 for the last layer", "as measured", r"dC/dw2 = \[\[0\.0625, 0\.0625\]\] as measured: True"),
    ("the program of the book", 'print("nabla_w', r"nabla_w: \[" + W1_OF_THE_BOOK),
    ("in rows", "params_to_rows([b1", r"W1 = \[\[0\.03125, -0\.09375\], \[0\.0625, -0\.1875\]\]"),
    ("rows and columns", "params_to_rows([b1", r"transposed: True"),
    ("a mini-batch", "samples_to_columns", r"(?s)(matrix form: True.*){4}"),
    ("a small error", "quadratic_delta", r"a = 0\.982\n.*quadratic cost: 0\.0173\n.*-entropy: +0\.982"),
    ("what it costs", "multiplications(sizes)", r"2\.01 forward passes"),
    ("seven equal layers", "multiplications(sizes)", r"2\.86 forward passes"),
    ("from the loss", "chain_multiplications", r"from the loss: 23820, from the input: 243040"),
    ("errors in a trace", "read_deltas", r"delta1 = \[\[0\.03125, -0\.09375\]\]\ndelta2 = \[\[0\.125\]\]"),
]  # fmt: skip


@pytest.fixture(scope="module")
def cells():
    return [cell for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize(("what", "source", "pattern"), NUMBERS, ids=[number[0] for number in NUMBERS])
def test_the_numbers_of_lesson_6_stand_in_executed_cells(cells, what, source, pattern):
    (cell,) = [cell for cell in cells if source in cell.source]
    printed = "".join(output.get("text", "") for output in cell.outputs)
    assert re.search(pattern, printed), printed


def test_the_transpose_that_is_left_out_gives_other_numbers_of_the_same_shape(cells):
    (cell,) = [cell for cell in cells if "without the .T" in cell.source]
    measured, bp2, wrong, _ = re.findall(r"\[(.*), (.*)\]", cell.outputs[0].text)
    assert [float(x) for x in measured] == pytest.approx([float(x) for x in bp2], abs=1e-5)
    assert all(float(x) * float(y) < 0 for x, y in zip(measured, wrong, strict=True))
