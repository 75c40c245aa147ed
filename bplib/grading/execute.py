"""nbgrader's Execute, in the sandbox; or, where somebody has said so, in a plain kernel.

Either way one bad cell costs only itself: a cell that ends Python, never ends or prints without end gets a
plain message. If its process is lost, a fresh one runs the earlier cells again, without it, and the later
cells are still tried.
"""

import atexit
import os
from fnmatch import fnmatch
from pathlib import Path
from time import monotonic

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_solution
from traitlets import Integer, List, Unicode, default

from .apart import classes_made, made_by
from .repair import grade_id_of, is_test
from .sandbox.walls import Limits
from .trial import as_trial, files_in, kind_of
from .workers import Here

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}  # two threads on a busy machine can be a thousand times slower


def error(name, message):
    """An error output that says no more than its message."""
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


def mark_not_graded(nb):
    """Whether intake has set this notebook aside; then its tests say why."""
    for cell in filter(is_test, nb.cells if "not_graded" in nb.metadata else ()):
        cell.outputs = [error("NotGraded", nb.metadata["not_graded"])]
    return "not_graded" in nb.metadata


class RobustExecute(Execute):
    """nbgrader's Execute, for notebooks that may end, hang or flood the kernel."""

    budget = Integer(600, help="Seconds for one whole notebook; later cells are not run.").tag(config=True)
    largest_print = Integer(200_000, help="Characters one cell may print; the rest is cut.").tag(config=True)

    @default("iopub_timeout")
    def _patient(self):
        return 10  # seconds for the last output to arrive; 4 are too few on a busy machine

    @default("coalesce_streams")
    def _joined(self):
        return True  # LimitOutput says that it has cut only within one output

    @default("error_on_timeout")
    def _plain_timeout(self):
        message = f"this cell did not finish within {self.timeout} s; is there a loop that never ends?"
        return dict(ename="Timeout", evalue=message, traceback=[f"Timeout: {message}"])

    def preprocess(self, nb, resources, km=None):
        if mark_not_graded(nb):
            return nb, resources
        self.survived = []  # sources of the cells that a fresh kernel runs again
        self.deadline = monotonic() + self.budget
        return super().preprocess(nb, resources, km)

    def start_new_kernel(self, **options):
        super().start_new_kernel(env=os.environ | ENVIRONMENT, **options)

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type != "code":
            return cell, resources
        if self.out_of_time():
            message = f"the cells before this one used up the {self.budget} s of a notebook"
            cell.outputs = [error("NotRun", message)]
            return cell, resources
        self.room = self.largest_print
        try:
            super().preprocess_cell(cell, resources, index)
        except (DeadKernelError, CellTimeoutError) as problem:
            cell.outputs.append(self.plain(problem))
            self.start_again()
        else:
            self.survived.append(cell.source)
        return cell, resources

    def out_of_time(self):
        return monotonic() > self.deadline

    def plain(self, problem):
        """What a student reads about a lost kernel."""
        if isinstance(problem, CellTimeoutError):
            return new_output("error", **self.error_on_timeout)
        return error("KernelDied", "this cell ended Python: an exit, a crash or not enough memory")

    def start_again(self):
        """A fresh kernel in which every earlier cell has run, except those that cost a kernel."""
        self.shutdown_kernel = "immediate"  # a kernel that hangs does not answer a polite request
        caught_up = False
        while not caught_up:
            self._cleanup_kernel()
            self.km = self.create_kernel_manager()
            self.start_new_kernel()
            self.start_new_kernel_client()
            caught_up = self.catch_up()

    def catch_up(self):
        """Run the earlier cells again; False, and one fewer, if one of them costs this kernel too."""
        for source in list(self.survived):
            if self.out_of_time():
                break
            try:
                self.run_unseen(source)
            except (DeadKernelError, CellTimeoutError):
                self.survived.remove(source)
                return False
        return True

    def run_unseen(self, source):
        """Run a cell that is not part of the notebook."""
        cell = new_code_cell(source)
        cells, self.nb.cells = self.nb.cells, [cell]
        self.room = self.largest_print
        try:
            self.execute_cell(cell, 0)
        finally:
            self.nb.cells = cells

    def output(self, outs, msg, display_id, cell_index):
        """Keep what a cell prints up to a limit; pictures, results and errors always."""
        if msg["msg_type"] == "stream":
            room, text = self.room, msg["content"]["text"]
            self.room -= len(text)
            if room < 0:
                return None
            if len(text) > room:
                msg["content"]["text"] = text[:room] + "\n... the rest was cut ...\n"
        return super().output(outs, msg, display_id, cell_index)


UNSAFE = "BPLIB_UNSAFE_NO_SANDBOX"  # in the environment: student code runs as the grader, in a plain kernel


def unsafe():
    return os.environ.get(UNSAFE, "") not in ("", "0")


class SandboxedExecute(RobustExecute):
    """Student cells in the sandbox, test cells in the checker; see trial.py."""

    memory = Integer(Limits.memory, help="MB that all processes of one hand-in may use.").tag(config=True)
    readable = List(Unicode(), help="Further folders that student code may read.").tag(config=True)

    places = {}  # noqa: RUF012  {(limits, readable): Here}, for all notebooks of this process
    shown_before = {}  # noqa: RUF012  {(student, assignment, notebook): (trial, what its cells showed)}

    def preprocess(self, nb, resources, km=None):
        if unsafe():
            return super().preprocess(nb, resources, km)
        if not mark_not_graded(nb):
            place = resources["nbgrader"]
            key = place["student"], place["assignment"], place["notebook"]
            trial, shown = self.shown_before.pop(key, (None, None))
            if trial is None or not is_of(trial, nb):
                course = self.parent.parent.coursedir
                given = given_files(course, place["assignment"])
                answers = answers_of(course, place["assignment"], place["notebook"])
                trial = self.trial(nb, files_in(resources["metadata"]["path"], is_timestamp), given, answers)
                shown = self.place().run(trial)
            show(nb, shown)
        return nb, resources

    def trial(self, nb, files, given, answers=()):
        limits = {"timeout": self.timeout or self.budget, "budget": self.budget}
        return as_trial(nb, files, given, answers, **limits, largest_print=self.largest_print)

    def place(self):
        """Where trials are run."""
        key = self.memory, tuple(self.readable)
        if key not in self.places:
            self.places[key] = Here(Limits(memory=self.memory), self.readable)
            atexit.register(self.places[key].close)
        return self.places[key]


def is_of(trial, nb):
    """Whether a trial is of these very cells."""
    return [source for _, source in trial.cells] == [
        "" if kind_of(cell) == "text" else cell.source for cell in nb.cells
    ]


def answers_of(course, assignment, notebook):
    """Pairs (grade_id, {name that the answer makes: whether it is a class}), of the instructor's own notebook
    or the release."""
    for step in (course.source_directory, course.release_directory):
        path = Path(course.format_path(step, ".", assignment), f"{notebook}.ipynb")
        if path.is_file():
            cells = nbformat.read(path, as_version=4).cells
            return [(grade_id_of(cell), made_in(cell.source)) for cell in cells if is_answer(cell)]
    return []


def made_in(source):
    classes = classes_made(source)
    return {name: name in classes for name in sorted(made_by(source))}


def is_answer(cell):
    return cell.cell_type == "code" and is_solution(cell)


def is_timestamp(name):
    return name == "timestamp.txt"


def given_files(course, assignment):
    """{path: content} of the files that the instructor gives out with an assignment."""
    source = course.format_path(course.source_directory, ".", assignment)
    return files_in(source, lambda name: any(fnmatch(name, pattern) for pattern in course.ignore))


def show(nb, shown):
    """Put what the cells of a trial have shown into its notebook."""
    for cell, of_cell in zip(nb.cells, shown, strict=True):
        if of_cell is None:
            continue
        cell.outputs = [from_dict(output) for output in of_cell["outputs"]]
        cell.execution_count = of_cell.get("count")
        if of_cell.get("told_by_tests"):
            cell.metadata["told_by_tests"] = True
        if "began" in of_cell:
            times = {"iopub.execute_input": of_cell["began"], "shell.execute_reply": of_cell["ended"]}
            cell.metadata["execution"] = times
