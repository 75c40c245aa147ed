"""The lessons as files: text and notebook agree, outputs are real, and the promised numbers stand in them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from bplib.authoring import build_notebook, read_text

ROOT = Path(__file__).parent.parent
LESSONS = sorted(path.stem for path in (ROOT / "notebooks" / "src").glob("*.py"))


def notebook(lesson):
    return nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", 4)


def code_cells(lesson):
    return [cell for cell in notebook(lesson).cells if cell.cell_type == "code"]


def printed(cell):
    """Everything a cell shows as text, with a true minus sign read as a hyphen."""
    shown = [
        o.text if o.output_type == "stream" else o.get("data", {}).get("text/plain", "") for o in cell.outputs
    ]
    return "".join(shown).replace("−", "-")


def output_of(lesson, source):
    """What the one cell that contains ``source`` printed."""
    (cell,) = [cell for cell in code_cells(lesson) if source in cell.source]
    return printed(cell)


def test_every_text_has_a_notebook_and_every_notebook_a_text():
    assert LESSONS == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert {"00_start_here", "01_chain_rule"} <= set(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_text_and_notebook_have_the_same_cells(lesson):
    text, nb = read_text(ROOT / "notebooks" / "src" / f"{lesson}.py"), notebook(lesson)
    assert [(c.id, c.cell_type, c.source, c.metadata) for c in nb.cells] == [
        (c.id, c.cell_type, c.source, c.metadata) for c in text.cells
    ]
    assert nb.metadata == text.metadata


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_code_cell_has_been_run_in_order_and_left_nothing_on_stderr(lesson):
    cells = code_cells(lesson)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        assert not [o for o in cell.outputs if o.output_type == "error" or o.get("name") == "stderr"], (
            cell.source
        )


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_widget_state_is_stored_and_every_widget_has_a_picture_in_its_place(lesson):
    assert "widgets" not in notebook(lesson).metadata
    steppers = [cell for cell in code_cells(lesson) if "bp.Stepper(" in cell.source]
    assert steppers
    for cell in steppers:
        (output,) = cell.outputs
        assert {"image/svg+xml", "image/png", "text/plain"} <= set(output.data)


def test_a_cell_whose_output_is_not_compared_says_why_and_there_are_two_of_them():
    exempt = [cell.source for lesson in LESSONS for cell in code_cells(lesson) if "NBVAL" in cell.source]
    assert len(exempt) == 2
    for source in exempt:
        assert re.search(r"# NBVAL_IGNORE_OUTPUT\n# \(.*processor.*\)", source)


PARTS = (
    "When you are done",
    "**Time:**",
    "Self-check",
    "Break it on purpose",
    "here the library does this",
    "## Summary",
    "## Exercises",
    "## Sources",
    "**Next:**",
)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_all_its_parts(lesson):
    text = "\n".join(cell.source for cell in notebook(lesson).cells)
    for part in PARTS:
        assert part in text, part


def test_a_failing_cell_leaves_the_old_notebook_as_it_was(tmp_path):
    text, made = tmp_path / "lesson.py", tmp_path / "lesson.ipynb"
    header = (ROOT / "notebooks" / "src" / "00_start_here.py").read_text().split("# %%")[0]
    text.write_text(header + "# %%\nprint(1 + 1)\n")
    build_notebook(text, made)
    before = made.read_text()
    assert "2\\n" in before
    text.write_text(header + "# %%\n1 / 0\n")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        build_notebook(text, made)
    assert made.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lesson.ipynb", "lesson.py"]


# COURSE.md, lesson 01: (what, source of the cell, pattern that its output must contain)
NUMBERS = [
    ("central difference at its best", "one_sided, two_sided", r"1e-05 +\S+ +([5-9]e-12|[1-3]e-11)\n"),
    ("forward difference at its best", "one_sided, two_sided", r"1e-07 +[2-4]e-08"),
    ("a step that is too small", "one_sided, two_sided", r"1e-12 +\S+ +[1-9]e-05"),
    ("the best step", "central.argmin", r"best central step: 1e-05"),
    ("the chain at 0", "for x in (0.0,", r"x = 0\.0: +chain rule +2\.161209 +measured +2\.161209"),
    ("the chain at 0.5", "for x in (0.0,", r"x = 0\.5: +chain rule +-5\.229149 +measured +-5\.229149"),
    ("the chain at 1", "for x in (0.0,", r"x = 1\.0: +chain rule +-10\.933563 +measured +-10\.933563"),
    ("error of the forward difference", "central, h = 1e-05", r"forward, h = 1e-05: error -3\.3e-04"),
    ("error of the central difference", "central, h = 1e-05", r"central, h = 1e-05: error +2\.4e-08"),
    ("error of a step that is too small", "forward, h = 1e-12", r"error -?\d\.\de-0[34]"),
    ("integers truncated", "def naive_gradient", r"integers +\[ *5000\. +15000\. +25000\.\]"),
    ("float32 does not move", "def naive_gradient", r"float32, 1e-7 \[0\. 0\. 0\.\]"),
    ("the float64 answer", "def naive_gradient", r"float64 +\[2\. 4\. 6\.\]"),
    ("the circuit, values", "picture = bp.record(circuit", r"(?s)q .*3\.00.*circuit .*-12\.00"),
    ("the circuit, gradients", 'in ("x", "y", "z")', r"df/dx = +-4\.00\ndf/dy = +-4\.00\ndf/dz = +3\.00"),
    ("the first signal", "picture = bp.record(circuit", r"circuit .*-12\.00 +1\.00"),
    ("(x + y)² has the slope 2 (x + y)", "bp.grad(lambda x, y", r"dz/dx = 4\.00, dz/dy = 4\.00"),
    ("the shop", "bp.record(shop", r"(?s)apple .*2\.20.*count .*110\.00.*tax .*200\.00.*shop .*220"),
    ("one layer in two places", "one object in two places", r"one object in two places: 1\.21 and 220\.00"),
    ("a layer for each place", "one object in two places", r"an object for each place: 2\.20 and 110\.00"),
    ("two fruits", "in full", r"(?s)bill 715\.00.*apples +=  110\.00.*apple +=    2\.20.*orange +=    3\.30.*"
                              r"oranges +=  165\.00.*tax +=  650\.00"),
    ("the bill in full", "in full", r"in full: 715\.0000000000001"),
    ("what 10⁶ weights cost", "seconds_a_pass", r"2000000 passes"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "source", "pattern"), NUMBERS, ids=[number[0] for number in NUMBERS])
def test_the_numbers_of_lesson_1_stand_in_executed_cells(what, source, pattern):
    assert re.search(pattern, output_of("01_chain_rule", source)), output_of("01_chain_rule", source)


def test_the_rounding_example_of_the_conventions_card_stands_in_lesson_0():
    assert "2 × 0.20 = 0.39\n2 × 0.196612 = 0.393224\n" in output_of("00_start_here", "signal")


def test_nbval_notices_a_picture_that_has_changed(tmp_path):
    text, made = tmp_path / "lesson.py", tmp_path / "lesson.ipynb"
    header = (ROOT / "notebooks" / "src" / "00_start_here.py").read_text().split("# %%")[0]
    text.write_text(header + "# %%\nimport bplib as bp\n\nbp.record(lambda x, y: x * y, x=3, y=-4)\n")
    build_notebook(text, made)
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", str(made)]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0

    nb = nbformat.read(made, 4)
    (output,) = nb.cells[0].outputs
    picture = output.data["image/svg+xml"]
    assert "−12.00" in picture
    output.data["image/svg+xml"] = picture.replace("−12.00", "−12.01")
    nbformat.write(nb, made)
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert run.returncode == 1
    assert "image/svg+xml" in run.stdout


def test_stored_notebooks_are_small_enough_to_be_read_on_a_code_host():
    for lesson in LESSONS:
        size = len(json.dumps(notebook(lesson)))
        assert size < 600_000, f"{lesson} has {size} bytes"
