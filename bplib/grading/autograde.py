"""nbgrader's autograde behind the intake and in the sandbox.

It reads safe copies, refuses to run student code where it cannot be locked up, and says at the end who
needs a look.
"""

import os
import re
import unicodedata
from fnmatch import fnmatch
from glob import escape, glob
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbgrader.apps import api, autogradeapp, generateassignmentapp, generatefeedbackapp
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException

from ..errors import BplibError
from ..files import open_to_others
from .agreement import changes
from .execute import unsafe
from .gradebook import opened
from .intake import take_in
from .roll import missing, sentences
from .safe_pages import is_safe_id
from .sandbox.bubblewrap import command


class ExactNames:
    """A command of nbgrader's for which the name of a course or of an assignment is no pattern."""

    def init_notebooks(self):
        folders = folders_of(self.coursedir, self._input_directory)
        found = {folder: notebooks_in(folder, self.coursedir.notebook_id) for folder in folders}
        self.assignments = {folder: paths for folder, paths in found.items() if paths}
        self.notebooks = []
        if not self.assignments:
            super().init_notebooks()  # says what is missing


def folders_of(course, step):
    """The folders of an assignment in a step of nbgrader's, one for each student that the course asks for."""
    inside = course.directory_structure.format(
        nbgrader_step=escape(step), student_id=course.student_id, assignment_id=escape(course.assignment_id)
    )
    return sorted(glob(os.path.join(escape(course.root), inside)))


def notebooks_in(folder, pattern):
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [os.path.join(folder, name) for name in names if fnmatch(name, f"{pattern}.ipynb")]


class ExactGenerateAssignment(ExactNames, GenerateAssignment):
    pass


class ExactGenerateFeedback(ExactNames, GenerateFeedback):
    pass


class SafeAutograde(ExactNames, Autograde):
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
        self.say_what_has_changed(release)
        return {
            student: take_in(folder, release, self.folder(safe_copies, student), self.coursedir.ignore)
            for student, folder in handed_in.items()
        }

    def say_what_has_changed(self, release):
        try:
            for sentence in changes(self.coursedir, release) if release else ():
                self.log.warning(sentence)
        except BplibError as problem:
            self.log.error(str(problem))
            raise NbGraderException(str(problem)) from None

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
        self.call_the_roll()
        for student, remarks in sorted(notes.items()):
            if remarks:
                self.log.warning("Needs a look: %s. %s", student, " ".join(remarks))
        if says := open_to_others(Path(self.coursedir.root)):
            self.log.warning(says)

    def call_the_roll(self):
        """Who has handed in nothing, if all were asked for."""
        if self.coursedir.student_id == "*":
            with opened(self.coursedir) as gradebook:
                absent = missing(self.coursedir, gradebook, self.coursedir.assignment_id)
            for sentence in sentences([student.id for student in absent], {}, {}):
                self.log.info(sentence)


def hand_ins_of(course):
    """{student: folder} of the hand-ins that a course asks for, without those whose names are no ids."""
    submitted = course.submitted_directory
    pattern = course.format_path(submitted, "(?P<student>.*)", re.escape(course.assignment_id), escape=True)
    folders = folders_of(course, submitted)
    found = {}
    for folder in folders:  # as macOS writes a name, its accents are letters of their own
        student = unicodedata.normalize("NFC", re.fullmatch(pattern, folder)["student"])
        if student in found:
            course.log.warning("Left out: %r, which is there twice, in letters that only look alike", student)
        found.setdefault(student, Path(folder))
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


OURS = {
    SafeAutograde: (api, autogradeapp),
    ExactGenerateAssignment: (api, generateassignmentapp),
    ExactGenerateFeedback: (api, generatefeedbackapp),
}


def install():
    """Put ours where nbgrader names the classes of its commands: it has no setting for it."""
    for ours, modules in OURS.items():
        name = ours.__mro__[2].__name__
        for module in modules:
            if not issubclass(ours, getattr(module, name)):
                raise TypeError(f"{module.__name__}.{name} is not the class that bplib.grading builds on")
            setattr(module, name, ours)
