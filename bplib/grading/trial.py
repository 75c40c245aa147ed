"""Run a hand-in: the student's cells in the sandbox, the test cells in the checker.

A Trial is plain data, and so is what comes of it: it can be run here or on another machine, which needs to
know neither the course nor its gradebook.
"""

import ast
import socket
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from IPython.core.inputtransformer2 import TransformerManager

from .repair import is_locked, is_test
from .sandbox.link import LATE, Lost, in_words
from .sandbox.pair import Checker, Ground, Student
from .sandbox.walls import Limits

MOST_RESTARTS = 12


@dataclass(frozen=True)
class Trial:
    """A notebook to run.

    cells          pairs (kind, source); the kinds are "student", "given" (locked, no test), "test" and "text"
    files          {path: content} of what was handed in with it, and of the instructor's files
    given          {path: content} of the instructor's files alone, for the tests
    timeout        seconds for one cell, and for one call of a test into the student's code
    budget         seconds for the whole notebook
    largest_print  characters that one cell may print
    """

    cells: tuple
    files: dict = field(default_factory=dict)
    given: dict = field(default_factory=dict)
    timeout: float = 30
    budget: float = 600
    largest_print: int = 200_000

    def run(self, ground):
        """What each cell has shown: {"outputs", "began", "ended", "count"}, or None for text."""
        with Run(self, ground) as run:
            return [run.cell(kind, source) for kind, source in self.cells]


class Run:
    """A trial on its way."""

    def __init__(self, trial, ground):
        self.trial, self.ground = trial, ground
        self.survived = []  # sources of the cells that a fresh process runs again
        self.ran_given = []  # sources of the instructor's cells that a fresh checker runs again
        self.reserved = names_made(trial.cells)
        self.restarts, self.end = 0, monotonic() + trial.budget
        self.student = self.checker = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *problem):
        for process in (self.student, self.checker):
            if process:
                process.close()

    def start(self):
        """A fresh checker that has run the instructor's cells, and a fresh student's process beside it."""
        if self.checker:
            self.checker.close()
        self.checker = Checker(self.ground, self.trial.given, self.reserved)
        self.start_student()
        for source in self.ran_given:
            self.checker.run(source, self.patience, self.trial.largest_print)

    def start_student(self):
        if self.student:
            self.student.close()
        calls, theirs = socket.socketpair()
        with calls:
            self.student = Student(self.ground, self.trial.files, theirs)
            self.checker.connect(calls, self.trial.timeout)

    def cell(self, kind, source):
        if kind == "text":
            return None
        if monotonic() > self.end:
            says = f"the cells before this one used up the {self.trial.budget:g} s of a notebook"
            return shown_error("NotRun", says)
        return {"student": self.own, "given": self.given, "test": self.test}[kind](source)

    def own(self, source, again=True):
        """A cell of the student's. Its process may be lost through an earlier one: it is tried again."""
        try:
            shown = self.run_in(self.student, source)
        except Lost as problem:
            self.start_again()
            return self.own(source, again=False) if again and str(problem) != LATE else self.lost(problem)
        self.survived.append(source)
        return shown

    def given(self, source):
        """A cell of the instructor's that is no test: tests and students both build on it."""
        shown = self.own(source)
        self.in_checker(source)
        self.ran_given.append(source)
        return shown

    def test(self, source, again=True):
        shown = self.in_checker(source)
        if shown["lost"]:
            self.start_again()
            if again and not shown["late"]:
                return self.test(source, again=False)
        for output in shown["outputs"]:
            if output["output_type"] == "error":  # its message is for the student, the test's lines are not
                output["traceback"] = [f"{output['ename']}: {output['evalue']}"]
        return shown

    def in_checker(self, source):
        try:
            return self.checker.run(source, self.patience, self.trial.largest_print)
        except Lost:
            self.start()
            self.catch_up()
            return shown_error("Timeout", f"this test did not finish within {self.patience:g} s")

    @property
    def patience(self):
        """Seconds for a test: a call that takes all its time leaves some for the rest."""
        return 2 * self.trial.timeout + 10

    def run_in(self, student, source):
        seconds = max(0.5, min(self.trial.timeout, self.end - monotonic()))
        return student.run(source, seconds, self.trial.largest_print)

    def lost(self, problem):
        """What a student reads about a cell that did not come to its end."""
        name = "Timeout" if str(problem) == LATE else "KernelDied"
        return shown_error(name, f"this cell {in_words(problem, self.trial.timeout)}")

    def start_again(self):
        """A fresh process in which every earlier cell has run, except those that cost a process."""
        self.restarts += 1
        if self.restarts > MOST_RESTARTS:
            self.end = monotonic() - 1
            return
        self.start_student()
        self.catch_up()

    def catch_up(self):
        for source in list(self.survived):
            try:
                self.run_in(self.student, source)
            except Lost:
                self.survived.remove(source)
                self.start_again()
                return


def shown_error(name, says):
    error = {"output_type": "error", "ename": name, "evalue": says, "traceback": [f"{name}: {says}"]}
    return {"outputs": [error], "lost": "", "late": False}


def as_trial(notebook, files, given, **limits):
    """The Trial of a notebook as nbgrader has restored it: locked cells are the instructor's own."""
    kinds = ((kind_of(cell), cell.source) for cell in notebook.cells)
    cells = tuple((kind, "" if kind == "text" else source) for kind, source in kinds)
    return Trial(cells, files, given, **limits)


def kind_of(cell):
    if cell.cell_type != "code":
        return "text"
    return "test" if is_test(cell) else "given" if is_locked(cell) else "student"


def files_in(folder, left_out=lambda name: False):
    """{path: content} of the files below a folder, notebooks and what is left out excepted."""
    paths = (path for path in sorted(Path(folder).rglob("*")) if path.is_file() and not path.is_symlink())
    names = ((path, path.relative_to(folder)) for path in paths)
    return {
        str(name): path.read_bytes()
        for path, name in names
        if path.suffix != ".ipynb" and not any(map(left_out, name.parts))
    }


def imports_of(cells):
    """The modules that the instructor's cells import: they are loaded once for all hand-ins."""
    found = {}
    for kind, source in cells:
        if kind in ("given", "test"):
            for node in ast.walk(parsed(source)):
                if isinstance(node, ast.Import):
                    found.update(dict.fromkeys(alias.name for alias in node.names))
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found[node.module] = None
                    found.update(dict.fromkeys(f"{node.module}.{alias.name}" for alias in node.names))
    return tuple(found)


def names_made(cells):
    """The names that the instructor's cells make: all of given cells; of tests, what they define."""
    made = set()
    for kind, source in cells:
        if kind in ("given", "test"):
            made.update(each for each, defined in names_bound(parsed(source)) if defined or kind == "given")
    return sorted(made)


def names_bound(node):
    """Pairs (name, whether by def, class or import) of what a cell binds, but not within its functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child.name, True
        elif isinstance(child, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name.split(".")[0], True) for alias in child.names)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id, False
        elif not isinstance(child, ast.Lambda):
            yield from names_bound(child)


def parsed(source):
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return ast.Module([], [])


def ground_for(trial, limits=None, readable=()):
    """A Ground that is warm for this trial and those like it. Raises NoSandbox."""
    return Ground(imports_of(trial.cells), readable, limits or Limits())
