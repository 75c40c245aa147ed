"""Lesson 2: the numbers that it promises stand in executed cells."""

import re
from pathlib import Path

import nbformat
import pytest

LESSON = Path(__file__).parents[1] / "notebooks" / "02_gate_patterns.ipynb"

WITH_THE_PENALTY = r"\[\[-0\.96, 0\.9, 0\.02\], \[-1\.94, 2\.08, -0\.04\]\]"
FROM_THE_SCORES = r"\[\[-1\.0, 1\.0, 0\.0\], \[-2\.0, 2\.0, 0\.0\]\]"

# what, source of the cell, pattern that its output must contain
NUMBERS = [
    ("a value used twice", "slope_y =", r"x 5\.0000, y 8\.0000, z 3\.0000"),
    ("the same at a copy gate", "record(twice", r"copy of y +copy of y +2\.00 +8\.00"),
    ("add", "bp.add.backward", r"add +\(2\.0, 2\.0\)"),
    ("multiply", "bp.add.backward", r"multiply +\(15\.0, 10\.0\)"),
    ("copy", "bp.add.backward", r"copy +6\.0\n"),
    ("max", "bp.add.backward", r"max +\(0\.0, 9\.0\)"),
    ("repeat and sum", "gates.Repeat", r"come back: 6\.00\n.*\[4\. 4\. 4\.\]"),
    ("the circuit, values", "def circuit",
     r"(?s)product .*-12\.00.*largest .*2\.00.*-10\.00.*circuit .*-20\.00"),
    ("the circuit, gradients", "bp.grad(circuit)",
     r"dx = +-8\.00\ndf/dy = +6\.00\ndf/dz = +2\.00\ndf/dw = +0\.00"),
    ("the branch", "de/da", r"e = 6\.00, de/da = 2\.00, de/db = 5\.00"),
    ("a + a", "a + a)(3.0)", r"= 2\.00"),
    ("the staged function", "def staged", r"f = 1\.545645\n"),
    ("with +=", "def staged", r"with \+= +dx = 2\.059570, dy = 1\.592233"),
    ("with =", "def staged", r"with = +dx = 0\.512144, dy = 0\.009046"),
    ("1/x, exp and log", "-(0.5**2)",
     r"7\.3891 +measured +7\.3891\n1/x: +-0\.2500 .*-0\.2500\nlog: +0\.5000 .*0\.5000"),
    ("the neuron, products and sums", "node.gate.symbol",
     r"-2\.000000.*0\.196612\n×.* 6\.0.*\n\+.* 4\.0.*\n\+ .* 1\.0.* 0\.1966"),
    ("the opened sigmoid", "node.gate.symbol",
     r"neg .*-1\.0.*-0\.196612\nexp .*0\.367879.*-0\.534447\n\+.*1\.367879.*-0\.534447\n"),
    ("the neuron's output", "node.gate.symbol", r"1/x .*0\.731059.*1\.000000"),
    ("the neuron's inputs", "node.gate.symbol",
     r"-0\.196612\ndx0 =  0\.393224\ndw1 = -0\.393224\ndx1 = -0\.589836\ndw2 =  0\.196612"),
    ("rounding", "node.gate.symbol", r"2 × 0\.20 = 0\.40, but 2 × 0\.196612 = 0\.393224"),
    ("four gates or one", "y**2 * e:", r"four gates  0\.196612\none gate    0\.196612"),
    ("the largest slope", "for x in (0.0, 2.0", r"0\.0 the slope is 0\.250000"),
    ("overflow", "through_the_stages", r"e\^1000 = inf,  y = 0\.0\nfour gates: nan,  one gate: 0\.0"),
    ("the tanh neuron", "def tanh_neuron", r"o = 0\.70711, 1 - o² = 0\.50000"),
    ("the tanh neuron, gradients", "bp.record(tanh_neuron, **numbers)",
     r"(?s)x1 .*-1\.50\nw1 .* 1\.00\nx2 .* 0\.50\nw2 .* 0\.00\n"),
    ("scores", '"scores:"', r"\[ 0\.8 +0\.3 -0\.3\]"),
    ("the loss", "margins = np", r"L = 0\.500, R = 0\.059, loss = 0\.559"),
    ("the classifier by hand", "from_scores =",
     rf"ds = \[-1\. +1\. +0\.\]\ndW = {WITH_THE_PENALTY}\n.*{FROM_THE_SCORES}"),
    ("the classifier by bplib", "def classifier",
     rf"loss = 0\.559\n(.*\n)*dW = {WITH_THE_PENALTY}\n.*{WITH_THE_PENALTY}"),
]  # fmt: skip


@pytest.fixture(scope="module")
def cells():
    return [cell for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize(("what", "source", "pattern"), NUMBERS, ids=[number[0] for number in NUMBERS])
def test_the_numbers_of_lesson_2_stand_in_executed_cells(cells, what, source, pattern):
    (cell,) = [cell for cell in cells if source in cell.source]
    shown = [output.get("text") or output.data["text/plain"] for output in cell.outputs]
    assert re.search(pattern, "".join(shown).replace("−", "-")), shown
