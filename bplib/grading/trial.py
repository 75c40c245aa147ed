"""Run a hand-in: the student's cells in the sandbox, the test cells in the checker.

A Trial is plain data, and so is what comes of it: it can be run here or on another machine, which needs to
know neither the course nor its gradebook.
"""

import ast
import socket
from dataclasses import dataclass, field
from pathlib import Path

from .apart import classes_asked_for, imports_in, made_by, names_made, parsed, prelude, reason
from .repair import grade_id_of, is_locked, is_test
from .sandbox.clock import Clock, Deadline
from .sandbox.link import LATE, Lost, in_words
from .sandbox.pair import Checker, Ground, Student
from .sandbox.shell import checked, size
from .sandbox.walls import Limits

MOST_RESTARTS = 12
MOST_SHOWN = 20_000_000  # characters that all cells of a notebook show together


@dataclass(frozen=True)
class Trial:
    """A notebook to run.

    cells          pairs (kind, source); the kinds are "student", "given" (locked, no test), "test", "text",
                   and "beside" (a test that cannot be kept apart from the student's code)
    answers        {place of a cell: {name that the instructor's own answer makes there: is it a class?}}
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
    answers: dict = field(default_factory=dict)

    def run(self, ground):
        """What each cell has shown: {"outputs", "began", "ended", "count"}, or None for text."""
        with Run(self, ground) as run:
            return [run.shown(place) for place in range(len(self.cells))]

    def anew(self, place):
        """Names that a test takes from the student: after the last test that made them, an answer does."""
        of_tests, of_answers = set(), set()
        for earlier, (kind, source) in enumerate(self.cells[:place]):
            if kind in ("test", "given"):
                of_tests |= made_by(source)
                of_answers -= made_by(source)
            of_answers |= {*self.answers.get(earlier, ())}
        return sorted(of_tests & of_answers)


class Run:
    """A trial on its way."""

    def __init__(self, trial, ground):
        self.trial, self.ground = trial, ground
        self.survived = []  # sources of the cells that a fresh process runs again
        self.ran_given = []  # sources of the instructor's cells that a fresh checker runs again
        made = {name: of_a_class for names in trial.answers.values() for name, of_a_class in names.items()}
        tests = (source for kind, source in trial.cells if kind == "test")
        self.names = {
            "reserved": sorted({*names_made(trial.cells)} - {*made}),
            "theirs": sorted(made),
            "classes": classes_asked_for(tests, made),
        }
        self.clock, self.restarts, self.room = Clock(), 0, MOST_SHOWN
        self.end = Deadline(trial.budget, self.clock)
        self.student = self.checker = self.untested = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *problem):
        for process in (self.student, self.checker, self.untested):
            if process:
                process.close()
        self.clock.close()

    def start(self):
        """A fresh checker that has run the instructor's cells, and a fresh student's process beside it."""
        if self.checker:
            self.checker.close()
        self.checker = Checker(self.ground, self.trial.given, self.names)
        self.start_student()
        for source in self.ran_given:
            self.checker.run(source, self.patience, self.trial.largest_print)

    def start_student(self):
        if self.student:
            self.student.close()
        calls, theirs = socket.socketpair()
        with calls:
            self.student = Student(self.ground, self.trial.files, theirs, self.clock)
            self.checker.connect(calls, self.trial.timeout, self.clock)

    def shown(self, place):
        """What a cell shows, as long as there is room for it in the notebook."""
        shown = self.cell(place)
        if shown:
            shown["outputs"] = checked(shown["outputs"], max(self.room, 100_000))
            self.room -= sum(map(size, shown["outputs"]))
        return shown

    def cell(self, place):
        kind, source = self.trial.cells[place]
        if kind == "text":
            return None
        if not self.end.left():
            says = f"the cells before this one used up the {self.trial.budget:g} s of a notebook"
            return shown_error("NotRun", says)
        if kind == "student":
            shown = self.own(source)
            told = self.told_by_tests(place, shown["outputs"])
            return shown | {"told_by_tests": told}
        return {"given": self.given, "test": self.test, "beside": self.beside}[kind](source, place)

    def own(self, source, again=True):
        """A cell of the student's. Its process may be lost through an earlier one: it is tried again."""
        try:
            shown = self.run_in(self.student, source)
        except Lost as problem:
            self.start_again()
            return self.own(source, again=False) if again and str(problem) != LATE else self.lost(problem)
        self.survived.append(source)
        return shown

    def told_by_tests(self, place, outputs):
        """Whether an own cell shows what it would not show if no test had called the student's functions."""
        kinds = {kind for kind, _ in self.trial.cells[:place]}
        if not outputs or not kinds & {"test", "beside"} or self.trial.cells[place][1] not in self.survived:
            return False
        self.untested = self.untested or Untested(self)
        return self.untested.outputs(place) != list(map(content, outputs))

    def given(self, source, place):
        """A cell of the instructor's that is no test: tests and students both build on it."""
        shown = self.own(source)
        self.in_checker(source, place)
        self.ran_given.append(source)
        return shown

    def test(self, source, place, again=True):
        if again and (imports := imports_in(source)):  # the student's code may use them, as at home
            self.own(imports)
        shown = self.in_checker(source, place)
        if shown["lost"]:
            self.start_again()
            if again and not shown["late"]:
                return self.test(source, place, again=False)
        return without_lines(shown)

    def beside(self, source, place):
        """A test in the student's own process, with what it needs of earlier tests."""
        earlier = [source for kind, source in self.trial.cells[:place] if kind in ("test", "beside")]
        if needed := prelude(source, earlier):
            self.own(needed)
        if imports := imports_in(source):
            self.in_checker(imports, place)
        return without_lines(self.own(source))

    def in_checker(self, source, place):
        try:
            anew = self.trial.anew(place)
            return self.checker.run(source, self.patience, self.trial.largest_print, anew)
        except Lost:
            self.start()
            self.catch_up()
            return shown_error("Timeout", f"this test did not finish within {self.patience:g} s")

    @property
    def patience(self):
        """Seconds for a test: a call that takes all its time leaves some for the rest."""
        return 2 * self.trial.timeout + 10

    def run_in(self, student, source):
        seconds = max(0.5, min(self.trial.timeout, self.end.left()))
        return student.run(source, seconds, self.trial.largest_print)

    def lost(self, problem):
        """What a student reads about a cell that did not come to its end."""
        name = "Timeout" if str(problem) == LATE else "KernelDied"
        return shown_error(name, f"this cell {in_words(problem, self.trial.timeout)}")

    def start_again(self):
        """A fresh process in which every earlier cell has run, except those that cost a process."""
        self.restarts += 1
        if self.restarts > MOST_RESTARTS:
            self.end = Deadline(0)
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


class Untested:
    """A process in which the cells of the student run, and no test ever asks anything."""

    def __init__(self, run):
        self.run, self.next, self.clock, self.lost = run, 0, Clock(), False
        self.calls, theirs = socket.socketpair()
        self.student = Student(run.ground, run.trial.files, theirs, self.clock)

    def outputs(self, place):
        """What this cell shows here; None if it, or one before it, does not come to its end here."""
        for kind, source in self.run.trial.cells[self.next : place + 1]:
            source = source if kind in ("student", "given") else imports_in(source)
            if source in self.run.survived and not self.lost:
                shown = self.ran(source)
        self.next = place + 1
        return None if self.lost else list(map(content, shown["outputs"]))

    def ran(self, source):
        try:
            return self.run.run_in(self.student, source)
        except Lost:
            self.lost = True

    def close(self):
        self.student.close()
        self.calls.close()
        self.clock.close()


def content(output):
    """What an output says, but for numbers and lines of cells."""
    return {key: part for key, part in output.items() if key not in ("execution_count", "traceback")}


def without_lines(shown):
    """What a test shows: the message of an error is for the student, the test's lines are not."""
    for output in shown["outputs"]:
        if output["output_type"] == "error":
            output["traceback"] = [f"{output['ename']}: {output['evalue']}"]
    return shown


def shown_error(name, says):
    error = {"output_type": "error", "ename": name, "evalue": says, "traceback": [f"{name}: {says}"]}
    return {"outputs": [error], "lost": "", "late": False}


def as_trial(notebook, files, given, answers=(), **limits):
    """The Trial of a notebook as nbgrader has restored it: locked cells are the instructor's own.

    answers    pairs (grade_id, {name that the instructor's own answer makes: whether it is a class})
    """
    made = dict(answers)
    kinds = [(kind_of(cell), cell.source) for cell in notebook.cells]
    known = names_made(kinds)
    cells = tuple(
        (
            "beside" if kind == "test" and reason(source, given, known) else kind,
            "" if kind == "text" else source,
        )
        for kind, source in kinds
    )
    ids = map(grade_id_of, notebook.cells)
    names = {place: made[grade_id] for place, grade_id in enumerate(ids) if made.get(grade_id)}
    return Trial(cells, files, given, answers=names, **limits)


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


def ground_for(trial, limits=None, readable=(), environment=None):
    """A Ground that is warm for this trial and those like it. Raises NoSandbox."""
    return Ground(imports_of(trial.cells), readable, limits or Limits(), environment)
