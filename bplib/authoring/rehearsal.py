"""An assignment rehearsed: answers put into its notebook, and run as nbgrader would, in this process.

An answer is a percent file: a docstring, and cells `# %% wave`, each in place of the solution cell with that
grade_id. Cells that are not given are the instructor's own. See CONTRIBUTING.md, "Assignments".
"""

import ast
import hashlib
import linecache
import os
import re
import symtable
import sys
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from ..errors import InputError, need


class Assignment:
    """The instructor version of an assignment, and the points of its test cells."""

    def __init__(self, course, name):
        """course    the folder with source/ and answers/

        Raises MissingExtra without nbgrader, InputError without a notebook.
        """
        try:
            import nbformat
            import nbgrader  # noqa: F401  release() will need it: better said now
        except ImportError as error:
            raise need("nbgrader") from error
        self.name, self.answers = name, Path(course, "answers", name)
        self.file = Path(course, "source", name, f"{name}.ipynb")
        if not self.file.exists():
            raise InputError(
                f"there is no {self.file}; `bplib build-notebooks {name}` writes it from its text"
            )
        self.notebook = nbformat.read(self.file, 4)
        self.points = {cell.id: self._points(cell) for cell in self.notebook.cells if is_test(cell)}
        self.heard = {}  # what wrong answers have heard in the test cell that they state, by their files

    def _points(self, cell):
        if "points" in mark(cell):
            return float(mark(cell)["points"])
        raise InputError(f'{self.name}: the header of the test cell {cell.id} has no "points"')

    def known(self, kind):
        """The files of the answers of one kind: "right" or "wrong"."""
        return sorted((self.answers / kind).glob("*.py"))

    def release(self):
        """What students are given: without solutions and hidden tests, and with nbgrader's checksums."""
        from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums

        notebook = deepcopy(self.notebook)
        for step in (ClearSolutions, ClearHiddenTests, ComputeChecksums):
            notebook, _ = step().preprocess(notebook, {})
        return notebook


def read_answer(path):
    """The docstring of an answer, and its cells by grade_id."""
    docstring, *parts = re.split(r"^# %% (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    return ast.literal_eval(docstring), dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))


@dataclass(frozen=True)
class Statement:
    """What a wrong answer states: the words it must hear, in which test cell, and the score of that cell."""

    mistake: str
    cell: str
    points: float


def read_wrong_answer(path):
    """The Statement of a wrong answer, and its cells by grade_id."""
    docstring, cells = read_answer(path)
    stated = re.fullmatch(r"\s*mistake: (.+)\ncell: (\w+)\npoints: ([\d.]+)\s*", docstring)
    if not stated:
        raise InputError(f"{path}: the docstring needs three lines, mistake: …, cell: …, points: …")
    return Statement(stated[1], stated[2], float(stated[3])), cells


def answered(notebook, cells):
    """The notebook with these sources in the cells of these grade_ids."""
    notebook = deepcopy(notebook)
    found = {cell.id: cell for cell in notebook.cells}
    if unknown := cells.keys() - found.keys():
        raise InputError(f"no cell has the grade_id {', '.join(sorted(unknown))}")
    for grade_id, source in cells.items():
        found[grade_id].source = source
    return notebook


def mark(cell):
    """What nbgrader knows about a cell."""
    return cell.metadata.get("nbgrader", {})


def is_test(cell):
    return cell.cell_type == "code" and bool(mark(cell).get("grade"))


@dataclass(frozen=True)
class Ran:
    """What came of a cell: the value of its last line, what it printed, what it raised."""

    value: object
    stdout: str
    stderr: str
    error: Exception | None


def run(notebook, seed=1, tests=None):
    """{cell id: Ran}: the code cells run in one namespace, in a course with this seed.

    A cell that raises ends only itself. tests names the test cells to run, and nothing runs behind the last
    of them; all when left out, and with an empty list all cells but the tests.
    """
    namespace = {"__name__": "__main__"}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if tests:
        cells = cells[: 1 + max(k for k, cell in enumerate(cells) if cell.id in tests)]
    if tests is not None:
        cells = [cell for cell in cells if cell.id in tests or not is_test(cell)]
    with in_a_course(seed):
        ran = {cell.id: _run_cell(cell.source, namespace) for cell in cells}
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")  # as the end of a kernel would
    return ran


def tests_that_may_notice(notebook, changed):
    """The test cells that read what these cells make, or what others make of it, or what they may change.

    changed    grade_ids; the cells before the first of them are as they were
    """
    try:
        names = {cell.id: _Names(cell.source) for cell in notebook.cells if cell.cell_type == "code"}
    except SyntaxError:  # what it was to make is missing wherever it is read
        return [cell.id for cell in notebook.cells if is_test(cell)]
    things = set().union(*(each.things for each in names.values()))  # that others call, and do not change
    noticed, tests = set(), []
    for cell in notebook.cells:
        of_cell = names.get(cell.id)
        if cell.id in changed:
            noticed |= of_cell.made | (of_cell.read - things)
        elif of_cell and noticed & of_cell.read:
            tests.extend([cell.id] if is_test(cell) else [])
            noticed |= set() if is_test(cell) else of_cell.made
    return tests


class _Names:
    """The names of the notebook that a cell makes and reads; things are functions, classes and modules."""

    def __init__(self, source):
        self.made, self.read, self.things = set(), set(), set()
        self._look(symtable.symtable(source, "<cell>", "exec"), outside=True)

    def _look(self, scope, outside=False):
        for name in scope.get_symbols():
            if outside or name.is_global():
                self.made |= {name.get_name()} if name.is_assigned() or name.is_imported() else set()
                self.read |= {name.get_name()} if name.is_referenced() else set()
                self.things |= {name.get_name()} if name.is_namespace() or name.is_imported() else set()
        for inner in scope.get_children():
            self._look(inner)


def in_a_course(seed):
    """A context as in a notebook: hidden tests have this seed, no window opens, no diary is kept."""
    inline = "module://matplotlib_inline.backend_inline"
    return patch.dict(os.environ, BPLIB_COURSE_SEED=str(seed), BPLIB_PROGRESS="off", MPLBACKEND=inline)


def _run_cell(source, namespace):
    value = error = None
    with redirect_stdout(StringIO()) as stdout, redirect_stderr(StringIO()) as stderr:
        try:
            body, last = _compiled(source)
            exec(body, namespace)  # noqa: S102  the answers are our own
            value = eval(last, namespace)  # noqa: S307
        except Exception as raised:
            error = raised
    return Ran(value, stdout.getvalue(), stderr.getvalue(), error)


@cache
def _compiled(source):
    """The code of a cell, and that of its last line: its value, when it is an expression.

    Its lines can be looked up, as those of a cell in a notebook: what a mistake is called depends on them.
    """
    file = f"<cell {hashlib.sha256(source.encode()).hexdigest()[:10]}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    tree = ast.parse(source)
    shows = tree.body and isinstance(tree.body[-1], ast.Expr)
    last = ast.Expression(tree.body.pop().value if shows else ast.Constant(None))
    return compile(tree, file, "exec"), compile(ast.fix_missing_locations(last), file, "eval")
