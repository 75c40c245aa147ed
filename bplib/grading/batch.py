"""`bplib autograde`: many hand-ins at once, on this machine or on a Dask cluster.

What takes time, running the notebooks, is done by workers, who see no gradebook. Everything else is done
here and by nbgrader itself, one hand-in after the other: this process alone writes. What a worker has
found is kept in a file until the gradebook has it, so whatever is killed, and whenever, nothing is lost
and no notebook runs twice.
"""

import errno
import hashlib
import json
import logging
import os
import sys
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import monotonic

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import ConfigFileNotFound, PyFileConfigLoader
from traitlets.log import get_logger

from ..errors import BplibError, InputError
from . import execute
from .autograde import hand_ins_of, release_of
from .gradebook import NoGradebook, opened
from .intake import take_in
from .repair import grade_id_of, is_locked
from .sandbox.walls import Limits
from .trial import files_in
from .workers import workers_for

KEPT = ".grading"  # in the course: what is known of a batch that goes on


def autograde(assignments, name, workers=None, scheduler=None, students=(), force=False, unsafe=False):
    """Grade the hand-ins of an assignment that are new or have changed; 0 if all went well.

    assignments  the folder with nbgrader_config.py
    workers      how many at once on this machine; as many as it has processors when left out
    scheduler    the address of a Dask scheduler, whose workers run the notebooks instead
    students     their ids; all when left out
    force        also those that have been graded and have not changed since
    unsafe       without a sandbox, one after the other, as this user
    Raises NoSandbox where student code cannot be locked up, InputError if the course or the assignment is
    missing.
    """
    if unsafe:
        print(
            "No sandbox: student code runs as you, and may read and write all that you may.", file=sys.stderr
        )
        os.environ[execute.UNSAFE] = "1"
    with Batch(Path(assignments).resolve(), name) as batch, in_folder(batch.root):
        if force:
            batch.begin_anew(students)
        todo = [each for each in batch.wanted(students) if not batch.is_done(each)]
        if execute.unsafe():
            return batch.report(batch.save_all(todo), len(todo))
        try:
            with workers_for(batch.limits, batch.readable, workers or os.cpu_count() or 1, scheduler) as pool:
                return batch.report(batch.run_all(todo, pool), len(todo))
        except (OSError, NoGradebook) as problem:
            raise BplibError(
                f"{problem}; what was finished is kept, and the same command goes on from there"
            ) from None


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def concerns_all(problem):
    """Whether it is of no use to go on with the next hand-in: no sandbox, no gradebook, a full disk."""
    return isinstance(problem, BplibError) or getattr(problem, "errno", None) in NO_ROOM


@contextmanager
def in_folder(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


# ------------------------------------------------------------------------------------------------ a batch


class Batch:
    """The hand-ins of one assignment, and how far they are."""

    def __init__(self, root, name):
        self.root, self.name = root, name
        self.config = course_config(root)
        self.course = CourseDirectory(config=self.config)
        self.course.root, self.course.assignment_id = str(root), name
        self.problems, self.closing, self.now = [], ExitStack(), {}
        self.kept = Path(root, KEPT, name)

    def __enter__(self):
        with in_folder(self.root):
            self.closing.enter_context(locked(self.kept))
            try:
                self.learn()
            except BaseException:
                self.closing.close()
                raise
        return self

    def __exit__(self, *problem):
        self.closing.close()

    def learn(self):
        """What is the same for all hand-ins: the release, the tests, the given files, the limits."""
        try:
            self.release = release_of(self.course)
        except NbGraderException as problem:
            raise InputError(str(problem)) from None
        with opened(self.course) as gradebook:
            try:
                notebooks = gradebook.find_assignment(self.name).notebooks
            except MissingEntry:
                raise InputError(
                    f"the gradebook knows no assignment {self.name!r}: generate it first"
                ) from None
            self.sources = {
                each.name: {cell.name: cell.source for cell in each.source_cells} for each in notebooks
            }
            self.recorded = {each.student.id for each in gradebook.assignment_submissions(self.name)}
        self.given = execute.given_files(self.course, self.name)
        settings = execute.SandboxedExecute(config=self.config)
        self.settings = settings
        self.limits, self.readable = Limits(memory=settings.memory), tuple(settings.readable)
        self.folders = hand_ins_of(self.course)
        for left in self.kept.glob("staging-*"):  # by a batch that was killed
            rmtree(left, ignore_errors=True)
        self.staging = mkdtemp(prefix="staging-", dir=self.kept)
        self.closing.callback(rmtree, self.staging, ignore_errors=True)
        self.about_all = fingerprint(
            self.sources, self.given, os.environ.get("BPLIB_COURSE_SEED"), settings.timeout
        )

    def wanted(self, students):
        unknown = set(students) - self.folders.keys()
        if unknown or not self.folders:
            who = f"from {', '.join(sorted(unknown))}" if unknown else "to grade"
            raise InputError(f"there is no {self.name} {who} in {self.course.submitted_directory}")
        return sorted(students or self.folders)

    # what is known from before

    def state(self, student):
        """The fingerprint of a hand-in: it changes with every file in it, and with the tests."""
        folder, found = self.folders[student], []
        for here, folders, files in os.walk(folder):
            for each in sorted(folders + files):
                status = os.lstat(os.path.join(here, each))
                path = os.path.relpath(os.path.join(here, each), folder)
                found.append((path, status.st_mode, status.st_size, status.st_mtime_ns))
        return fingerprint(self.about_all, sorted(found))

    def is_done(self, student):
        """Whether the gradebook has the scores of just this hand-in."""
        if self.read(student, "done") != self.state(student):
            return False
        folder = Path(self.course.format_path(self.course.autograded_directory, student, self.name))
        return student in self.recorded and all(
            Path(folder, f"{notebook}.ipynb").exists() for notebook in self.release
        )

    def read(self, student, what):
        try:
            return json.loads((self.kept / f"{student}.{what}").read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, student, what, content):
        """Write a file as a whole or not at all."""
        path = self.kept / f"{student}.{what}"
        part = path.with_name(path.name + ".part")
        with open(part, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)

    def begin_anew(self, students):
        """So that, if this run is stopped, the next one knows what it had not come to."""
        for student in self.wanted(students):
            self.forget(student, "done")
            self.forget(student, "shown")

    def forget(self, student, what):
        (self.kept / f"{student}.{what}").unlink(missing_ok=True)

    # running

    def trials(self, student):
        """{notebook: Trial} of a hand-in, from the safe copy of it."""
        folder = Path(self.staging, student, self.name)
        self.remarks(student, take_in(self.folders[student], self.release, folder, self.course.ignore))
        files = files_in(folder, execute.is_timestamp) | self.given
        trials = {}
        for name, sources in self.sources.items():
            notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            for cell in notebook.cells:
                if is_locked(cell) and cell.cell_type == "code":
                    cell.source = sources.get(grade_id_of(cell), cell.source)
            if "not_graded" not in notebook.metadata:
                trials[name] = self.settings.trial(notebook, files, self.given)
        return trials

    def run_all(self, todo, pool):
        """Run hand-ins, a few at a time, and save each as soon as it is there; yield their names."""
        waiting, running = iter(todo), {}
        try:
            while True:
                while len(running) < pool.size and (student := next(waiting, None)) is not None:
                    running |= dict.fromkeys(self.begin(student, pool), student)
                    if student not in running.values():  # nothing to run: it was set aside, or has run before
                        yield self.save(student)
                if not running:
                    return
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for student in {running[future] for future in finished}:
                    mine = [future for future, owner in running.items() if owner == student]
                    if all(future.done() for future in mine):
                        for future in mine:
                            del running[future]
                        yield self.collect(student, mine)
        finally:
            for future in running:
                future.cancel()

    def begin(self, student, pool):
        """Send the trials of a hand-in on their way, unless they have run before; their futures."""
        try:
            state = self.state(student)  # before it is read: what changes meanwhile counts as changed
            trials = self.trials(student)
        except Exception as problem:
            self.set_aside(student, f"could not be read: {problem}", problem)
            return []
        kept = self.read(student, "shown") or {}
        if kept.get("state") != state:
            kept = {"state": state, "shown": {}}
        self.now[student] = trials, kept
        futures = []
        for name, trial in trials.items():
            if name not in kept["shown"]:
                future = pool.submit(trial)
                future.notebook = name
                futures.append(future)
        return futures

    def collect(self, student, futures):
        _, kept = self.now[student]
        for future in futures:
            try:
                kept["shown"][future.notebook] = future.result()
            except Exception as problem:
                self.set_aside(student, f"could not be run: {problem}", problem)
                return student
        self.keep(student, "shown", kept)
        return self.save(student)

    # saving: the gradebook is written here and nowhere else

    def save(self, student):
        """Have nbgrader grade what was shown."""
        if student not in self.now:
            return student
        trials, kept = self.now.pop(student)
        for name, trial in trials.items():
            execute.SandboxedExecute.shown_before[student, self.name, name] = trial, kept["shown"][name]
        if self.convert(student):
            self.keep(student, "done", kept["state"])
            self.forget(student, "shown")
        rmtree(Path(self.staging, student), ignore_errors=True)
        return student

    def save_all(self, todo):
        """Without a sandbox: nbgrader runs and saves each."""
        for student in todo:
            try:
                state = self.state(student)
                self.trials(student)
            except Exception as problem:
                self.set_aside(student, f"could not be read: {problem}", problem)
            else:
                if self.convert(student):
                    self.keep(student, "done", state)
            yield student

    def convert(self, student):
        course = CourseDirectory(config=self.config)
        course.root, course.assignment_id, course.student_id = str(self.root), self.name, student
        course.submitted_directory = os.path.relpath(self.staging, self.root)
        try:
            with errors_heard() as said:
                Autograde(coursedir=course, config=self.config, force=True).start()
        except NbGraderException as problem:
            self.see_to_gradebook()
            self.problem(student, f"nbgrader could not grade it: {said[-1] if said else problem}")
            return False
        return True

    def see_to_gradebook(self):
        """Raises NoGradebook if it has gone away: then the next hand-in fares no better."""
        with opened(self.course) as gradebook:
            gradebook.find_assignment(self.name)

    def set_aside(self, student, says, problem):
        """Leave a hand-in for the next run; or end this one, if the problem is not the hand-in's."""
        if concerns_all(problem):
            raise problem
        self.now.pop(student, None)
        self.problem(student, says)

    # telling

    def remarks(self, student, notes):
        for note in notes:
            self.problem(student, note, failed=False)

    def problem(self, student, says, failed=True):
        self.problems.append((student, says, failed))

    def report(self, students, total):
        """Show how it goes on, a line for each problem, and at the end the sum of it."""
        from tqdm.auto import tqdm

        began, told, graded = monotonic(), 0, 0
        with tqdm(students, total=total, unit="hand-in", disable=None) as bar:
            for _ in bar:
                graded += 1
                for student, says, _ in self.problems[told:]:
                    bar.write(f"{student}: {says}")
                told = len(self.problems)
        for student, says, _ in self.problems[told:]:
            print(f"{student}: {says}")
        failed = {student for student, _, failed in self.problems if failed}
        looks = {student for student, _, _ in self.problems}
        unchanged = len(self.folders) - total
        seconds = monotonic() - began
        print(f"{graded - len(failed)} graded in {seconds:.1f} s, {unchanged} as before or not asked for.")
        print(f"{len(looks)} need a look, {len(failed)} could not be graded.")
        return int(bool(failed))


def course_config(root):
    try:
        return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except ConfigFileNotFound:
        raise InputError(f"there is no nbgrader_config.py in {root}: call this where README.md is") from None


@contextmanager
def errors_heard():
    """What tracebacks end with that nbgrader logs meanwhile: it raises but a hint at them."""
    heard, log = [], get_logger()
    handler = logging.Handler(logging.ERROR)
    handler.addFilter(lambda record: "Traceback" in record.getMessage())
    handler.emit = lambda record: heard.append(record.getMessage().strip().splitlines()[-1])
    log.addHandler(handler)
    try:
        yield heard
    finally:
        log.removeHandler(handler)


def fingerprint(*things):
    return hashlib.sha256(repr(things).encode("utf-8", "replace")).hexdigest()


@contextmanager
def locked(folder):
    """Nobody else grades the same assignment meanwhile. The system lifts the lock when this process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass  # Windows, where there is no sandbox either
        except OSError:
            raise BplibError(f"somebody is grading {folder.name} already; wait for it to end") from None
        yield
