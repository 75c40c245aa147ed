"""nbgrader's autograde behind the intake: it reads safe copies, and says at the end who needs a look."""

import os
import re
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from .intake import take_in


class SafeAutograde(Autograde):
    """Autograde, with `submitted/` replaced by a safe copy of it for the time of the run."""

    def start(self):
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

    def take_in(self, safe_copies):
        """Copy every hand-in of this run to a folder of the course; {student: notes}."""
        handed_in = self.handed_in()
        release = self.release() if handed_in else {}
        return {
            student: take_in(folder, release, self.folder(safe_copies, student), self.coursedir.ignore)
            for student, folder in handed_in.items()
        }

    def handed_in(self):
        """{student: folder} of the hand-ins asked for."""
        course, submitted = self.coursedir, self.coursedir.submitted_directory
        pattern = course.format_path(
            submitted, "(?P<student>.*)", re.escape(course.assignment_id), escape=True
        )
        folders = sorted(glob(str(self.folder(submitted, course.student_id))))
        return {re.fullmatch(pattern, folder)["student"]: Path(folder) for folder in folders}

    def release(self):
        """{name: notebook} of what students were given."""
        folder = self.folder(self.coursedir.release_directory, ".")
        release = {path.stem: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}
        if not release:
            message = f"There is no notebook in {folder}: run `nbgrader generate_assignment` first."
            self.log.error(message)
            raise NbGraderException(message)
        return release

    def folder(self, step, student):
        return Path(self.coursedir.format_path(step, student, self.coursedir.assignment_id))

    def report(self, notes):
        """One line for each hand-in that somebody should look at, where it is seen: at the end."""
        for student, remarks in sorted(notes.items()):
            if remarks:
                self.log.warning("Needs a look: %s. %s", student, " ".join(remarks))


def install():
    """Put ours where nbgrader names the class that autogrades: it has no setting for it."""
    for module in (api, autogradeapp):
        if not issubclass(SafeAutograde, module.Autograde):
            raise TypeError(f"{module.__name__}.Autograde is not the class that bplib.grading builds on")
        module.Autograde = SafeAutograde
