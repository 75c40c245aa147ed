"""Known answers to an assignment, put into its notebook and run as nbgrader would, in this process.

An answer is a percent file. A cell `# %% gradient` replaces the solution cell with that grade_id; cells that
are not given are the instructor's own. The docstring of a right answer names its style, that of a wrong one
states

    mistake: words that the feedback must contain
    cell: the test cell they appear in
    points: the score of that cell; all other cells score full marks
"""

import ast
import builtins
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import jupytext
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from bplib.authoring import read_text

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"


def instructor_version(assignment):
    return read_text(ASSIGNMENTS / "source" / assignment / f"{assignment}.py")


def without_hidden_tests(notebook):
    return cleared(ClearHiddenTests, notebook)


def blank(notebook):
    """What students are given."""
    return cleared(ClearHiddenTests, cleared(ClearSolutions, notebook))


def cleared(preprocessor, notebook):
    return preprocessor().preprocess(deepcopy(notebook), {})[0]


def answer_files(assignment, kind):
    return sorted((ASSIGNMENTS / "answers" / assignment / kind).glob("*.py"))


def read_answer(path):
    """The docstring of an answer file, and its cells by grade_id."""
    docstring, *cells = jupytext.read(path, fmt="py:percent").cells
    return ast.literal_eval(docstring.source), {cell.metadata["title"]: cell.source for cell in cells}


@dataclass(frozen=True)
class Claim:
    """What the docstring of a wrong answer states."""

    mistake: str
    cell: str
    points: float


def claim(docstring):
    stated = dict(line.split(": ", 1) for line in docstring.strip().splitlines())
    return Claim(stated["mistake"], stated["cell"], float(stated["points"]))


def answered(notebook, cells):
    """The notebook with these sources in the cells of these grade_ids."""
    notebook, missing = deepcopy(notebook), set(cells)
    for cell in notebook.cells:
        grade_id = grade_id_of(cell)
        if grade_id in cells:
            cell.source = cells[grade_id]
            missing.discard(grade_id)
    assert not missing, f"no cell is called {missing}"
    return notebook


def mark(cell):
    return cell.metadata.get("nbgrader", {})


def grade_id_of(cell):
    return mark(cell).get("grade_id")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_cells(notebook):
    return [cell for cell in code_cells(notebook) if mark(cell).get("grade")]


@dataclass(frozen=True)
class Ran:
    """What came of a cell: the value of its last line, what it printed, what it raised."""

    value: object
    stdout: str
    stderr: str
    error: Exception | None


def run(notebook):
    """{grade_id: Ran} of the code cells, run in one namespace; a cell that raises ends only itself."""
    namespace = {"__name__": "__main__", "__builtins__": builtins}
    return {grade_id_of(cell) or cell.id: run_cell(cell.source, namespace) for cell in code_cells(notebook)}


def run_cell(source, namespace):
    value = error = None
    with redirect_stdout(StringIO()) as stdout, redirect_stderr(StringIO()) as stderr:
        try:
            value = last_value(source, namespace)
        except Exception as raised:
            error = raised
    return Ran(value, stdout.getvalue(), stderr.getvalue(), error)


def last_value(source, namespace):
    """Run the source; the value of its last line when that is an expression."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)  # noqa: S102  the answers are our own
    return eval(compile(last, "<cell>", "eval"), namespace) if last else None  # noqa: S307


def scores(ran, notebook):
    return {grade_id_of(cell): ran[grade_id_of(cell)].value for cell in test_cells(notebook)}


def full_marks(notebook):
    return {grade_id_of(cell): float(mark(cell)["points"]) for cell in test_cells(notebook)}
