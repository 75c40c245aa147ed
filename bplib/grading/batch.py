"""`bplib autograde`: many hand-ins at once, on this machine or on a Dask cluster.

What takes time, running the notebooks, is done by workers, who see no gradebook. Everything else is done
here and by nbgrader itself, one hand-in after the other: this process alone writes. What a worker has
found is kept in a file until the gradebook has it, so whatever is killed, and whenever, nothing is lost
and no notebook runs twice.
"""

import errno
import logging
import os
import sys
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree
from time import monotonic

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from traitlets.log import get_logger

from ..errors import BplibError
from ..files import open_to_others
from . import execute
from .gradebook import NoGradebook, opened
from .keeping import Kept
from .sparing import once
from .to_grade import Assignment, course_config
from .workers import workers_for


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
        assignment = batch.assignment
        for sentence in assignment.changes:
            print(sentence)
        wanted = assignment.wanted(students)
        if force:
            batch.begin_anew(wanted)
        todo = [each for each in wanted if not batch.is_done(each)]
        if execute.unsafe():
            return batch.report(batch.save_all(todo), len(todo))
        try:
            at_once, limits, readable = workers or os.cpu_count() or 1, assignment.limits, assignment.readable
            with workers_for(limits, readable, at_once, scheduler) as pool:
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
    """The hand-ins of one assignment, run a few at a time and saved one after the other."""

    def __init__(self, root, name):
        self.root, self.name, self.config = root, name, course_config(root)
        self.kept = Kept(root, name)
        self.problems, self.begun = [], {}

    def __enter__(self):
        with in_folder(self.root), ExitStack() as closing:
            closing.enter_context(self.kept.locked())
            closing.enter_context(once())
            self.assignment = Assignment(self.root, self.name, self.config)
            self.staging = closing.enter_context(self.kept.staging())
            self.closing = closing.pop_all()
        return self

    def __exit__(self, *problem):
        self.closing.close()

    def is_done(self, student):
        """Whether the gradebook has the scores of just this hand-in."""
        state = self.assignment.state(student)
        return self.kept.read(student, "done") == state and self.assignment.is_graded(student)

    def begin_anew(self, students):
        """So that, if this run is stopped, the next one knows what it had not come to."""
        for student in students:
            self.kept.forget(student, "done")
            self.kept.forget(student, "shown")

    # running

    def trials(self, student):
        """{notebook: Trial} of a hand-in, from the safe copy of it."""
        folder = Path(self.staging, student, self.name)
        for note in self.assignment.copy_safely(student, folder):
            self.problem(student, note, failed=False)
        return self.assignment.trials(folder)

    def run_all(self, todo, pool):
        """Run hand-ins, save each as soon as it is there, and yield their names.

        Twice as many as can run are on their way, so that no worker waits while another's work is saved.
        """
        waiting, running = iter(todo), {}
        try:
            while True:
                while len(running) < 2 * pool.size and (student := next(waiting, None)) is not None:
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
            # The state before it is read: what changes meanwhile counts as changed.
            state = self.assignment.state(student)
            trials = self.trials(student)
        except Exception as problem:
            self.set_aside(student, f"could not be read: {problem}", problem)
            return []
        kept = self.kept.read(student, "shown") or {}
        if kept.get("state") != state:
            kept = {"state": state, "shown": {}}
        self.begun[student] = trials, kept
        futures = []
        for name, trial in trials.items():
            if name not in kept["shown"]:
                future = pool.submit(trial)
                future.notebook = name
                futures.append(future)
        return futures

    def collect(self, student, futures):
        _, kept = self.begun[student]
        for future in futures:
            try:
                kept["shown"][future.notebook] = future.result()
            except Exception as problem:
                self.set_aside(student, f"could not be run: {problem}", problem)
                return student
        self.kept.keep(student, "shown", kept)
        return self.save(student)

    # saving: the gradebook is written here and nowhere else

    def save(self, student):
        """Have nbgrader grade what was shown."""
        if student not in self.begun:
            return student
        trials, kept = self.begun.pop(student)
        for name, trial in trials.items():
            execute.SandboxedExecute.shown_before[student, self.name, name] = trial, kept["shown"][name]
        if self.convert(student):
            self.kept.keep(student, "done", kept["state"])
            self.kept.forget(student, "shown")
        rmtree(Path(self.staging, student), ignore_errors=True)
        return student

    def save_all(self, todo):
        """Without a sandbox: nbgrader runs and saves each."""
        for student in todo:
            try:
                state = self.assignment.state(student)
                self.trials(student)
            except Exception as problem:
                self.set_aside(student, f"could not be read: {problem}", problem)
            else:
                if self.convert(student):
                    self.kept.keep(student, "done", state)
            yield student

    def convert(self, student):
        course = self.assignment.course_of(student)
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
        with opened(self.assignment.course) as gradebook:
            gradebook.find_assignment(self.name)

    def set_aside(self, student, says, problem):
        """Leave a hand-in for the next run; or end this one, if the problem is not the hand-in's."""
        if concerns_all(problem):
            raise problem
        self.begun.pop(student, None)
        self.problem(student, says)

    # telling

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
        unchanged = len(self.assignment.folders) - total
        seconds = monotonic() - began
        print(f"{graded - len(failed)} graded in {seconds:.1f} s, {unchanged} as before or not asked for.")
        print(f"{len(looks)} need a look, {len(failed)} could not be graded.")
        for sentence in self.assignment.roll():
            print(sentence)
        if says := open_to_others(self.root):
            print(says)
        return int(bool(failed))


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
