"""nbgrader's autograde behind the intake and in the sandbox.

It reads safe copies, refuses to run student code where it cannot be locked up, and says at the end who
needs a look.
"""

import os
import re
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from ..errors import BplibError
from .execute import unsafe
from .gradebook import opened
from .intake import take_in
from .safe_pages import is_safe_id
from .sandbox.bubblewrap import command


class SafeAutograde(Autograde):
    """Autograde, with `submitted/` replaced by a safe copy of it for the time of the run."""

    def start(self):
        self.need_a_sandbox_and_a_gradebook()
        submitted = self.coursedir.submitted_directory
        with TemporaryDirectory(prefix=".intake-", dir=self.coursedir.root) as folder:
            notes = self.take_in(os.path.basename(folder))
            if notes:  # with no hand-in at all nbgrader shall look in submitted/ and say so
                self.coursedir.submitted_directory = os.path.basename(folder)
            try:
                super().start()
            finally:
                self.coursedir.submitted_directory = submitted
                self.report(notes)

    def need_a_sandbox_and_a_gradebook(self):
        """Raises NbGraderException without them, before anything that students wrote is touched."""
        try:
            if not unsafe():
                command(())
            with opened(self.coursedir):
                pass
        except BplibError as problem:
            self.log.error(str(problem))
            raise NbGraderException(str(problem)) from None

    def take_in(self, safe_copies):
        """Copy every hand-in of this run to a folder of the course; {student: notes}."""
        handed_in = self.handed_in()
        release = self.release() if handed_in else {}
        return {
            student: take_in(folder, release, self.folder(safe_copies, student), self.coursedir.ignore)
            for student, folder in handed_in.items()
        }

    def handed_in(self):
        return hand_ins_of(self.coursedir)

    def release(self):
        try:
            return release_of(self.coursedir)
        except NbGraderException as problem:
            self.log.error(str(problem))
            raise

    def folder(self, step, student):
        return Path(self.coursedir.format_path(step, student, self.coursedir.assignment_id))

    def report(self, notes):
        """One line for each hand-in that somebody should look at, where it is seen: at the end."""
        for student, remarks in sorted(notes.items()):
            if remarks:
                self.log.warning("Needs a look: %s. %s", student, " ".join(remarks))


def hand_ins_of(course):
    """{student: folder} of the hand-ins that a course asks for, without those whose names are no ids."""
    submitted = course.submitted_directory
    pattern = course.format_path(submitted, "(?P<student>.*)", re.escape(course.assignment_id), escape=True)
    folders = sorted(glob(course.format_path(submitted, course.student_id, course.assignment_id)))
    found = {re.fullmatch(pattern, folder)["student"]: Path(folder) for folder in folders}
    for student in [student for student in found if not is_safe_id(student)]:
        course.log.warning(
            "Left out: %r is no id for a student. Use letters, digits, . , @ + ' and -", student
        )
        del found[student]
    return found


def release_of(course):
    """{name: notebook} of what students were given. Raises NbGraderException if nothing was."""
    folder = Path(course.format_path(course.release_directory, ".", course.assignment_id))
    release = {path.stem: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}
    if not release:
        raise NbGraderException(
            f"There is no notebook in {folder}: run `nbgrader generate_assignment` first."
        )
    return release


def install():
    """Put ours where nbgrader names the class that autogrades: it has no setting for it."""
    for module in (api, autogradeapp):
        if not issubclass(SafeAutograde, module.Autograde):
            raise TypeError(f"{module.__name__}.Autograde is not the class that bplib.grading builds on")
        module.Autograde = SafeAutograde
