"""What is to grade: the hand-ins of an assignment, and all that is the same for them."""

import hashlib
import os
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import ConfigFileNotFound, PyFileConfigLoader

from ..errors import InputError
from . import execute
from .agreement import changes
from .autograde import hand_ins_of, release_of
from .gradebook import opened
from .hand_ins import read_notebook
from .intake import take_in
from .repair import grade_id_of, is_locked
from .roll import missing, sentences, stopped_in
from .sandbox.walls import Limits
from .trial import files_in


class Assignment:
    """One assignment: its release, tests, given files and limits, and the folders that were handed in.

    root, name   the folder with nbgrader_config.py, whose content is config, and the assignment
    Raises InputError if it has not been released, or if the gradebook does not know it.
    """

    def __init__(self, root, name, config):
        self.root, self.name, self.config = root, name, config
        self.course = self.course_of()
        try:
            self.release = release_of(self.course)
        except NbGraderException as problem:
            raise InputError(str(problem)) from None
        with opened(self.course) as gradebook:
            try:
                notebooks = gradebook.find_assignment(name).notebooks
            except MissingEntry:
                raise InputError(f"the gradebook knows no assignment {name!r}: generate it first") from None
            self.sources = {
                each.name: {cell.name: cell.source for cell in each.source_cells} for each in notebooks
            }
            self.recorded = {each.student.id for each in gradebook.assignment_submissions(name)}
        self.changes = changes(self.course, self.release)
        self.given = execute.given_files(self.course, name)
        self.answers = {each: execute.answers_of(self.course, name, each) for each in self.sources}
        self.settings = execute.SandboxedExecute(config=config)
        self.limits = Limits(memory=self.settings.memory)
        self.readable = tuple(self.settings.readable)
        self.folders = hand_ins_of(self.course)
        seed = os.environ.get("BPLIB_COURSE_SEED")
        self.about_all = fingerprint(self.sources, self.given, seed, self.settings.timeout)

    def course_of(self, student=None):
        """nbgrader's view of the course: all of it, or one student's part."""
        course = CourseDirectory(config=self.config)
        course.root, course.assignment_id = str(self.root), self.name
        if student is not None:
            course.student_id = student
        return course

    def wanted(self, students):
        """The ids of these students, or of all. Raises InputError if one has not handed in, or nobody has."""
        unknown = set(students) - self.folders.keys()
        if unknown or not self.folders:
            who = f"from {', '.join(sorted(unknown))}" if unknown else "to grade"
            raise InputError(f"there is no {self.name} {who} in {self.course.submitted_directory}")
        return sorted(students or self.folders)

    def state(self, student):
        """The fingerprint of a hand-in: it changes with every file in it, and with the tests."""
        folder, found = self.folders[student], []
        for here, folders, files in os.walk(folder):
            for each in sorted(folders + files):
                status = os.lstat(os.path.join(here, each))
                path = os.path.relpath(os.path.join(here, each), folder)
                found.append((path, status.st_mode, status.st_size, status.st_mtime_ns))
        return fingerprint(self.about_all, sorted(found))

    def is_graded(self, student):
        """Whether the gradebook knows a hand-in of this student, and each notebook of it was graded."""
        folder = Path(self.course.format_path(self.course.autograded_directory, student, self.name))
        return student in self.recorded and all(
            Path(folder, f"{notebook}.ipynb").exists() for notebook in self.release
        )

    def roll(self):
        """Sentences about who is missing, late, or was stopped, as the gradebook and autograded/ have it."""
        with opened(self.course) as gradebook:
            absent = [student.id for student in missing(self.course, gradebook, self.name)]
            submitted = gradebook.assignment_submissions(self.name)
            late = {
                each.student.id: each.total_seconds_late for each in submitted if each.total_seconds_late > 0
            }
            read = {each.student.id: self.stopped(each.student.id) for each in submitted}
        return sentences(absent, late, {student: cells for student, cells in read.items() if cells})

    def stopped(self, student):
        notebooks = [
            read_notebook(self.course, "autograded", student, self.name, each) for each in self.sources
        ]
        return tuple(cell for notebook in notebooks if notebook for cell in stopped_in(notebook))

    def copy_safely(self, student, folder):
        """Make the safe copy of a hand-in, as the folder; remarks on what there was to see to."""
        return take_in(self.folders[student], self.release, folder, self.course.ignore)

    def trials(self, folder):
        """{notebook: Trial} of the hand-in whose safe copy is this folder."""
        files = files_in(folder, execute.is_timestamp) | self.given
        trials = {}
        for name, sources in self.sources.items():
            notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            for cell in notebook.cells:
                if is_locked(cell) and cell.cell_type == "code":
                    cell.source = sources.get(grade_id_of(cell), cell.source)
            if "not_graded" not in notebook.metadata:
                trials[name] = self.settings.trial(notebook, files, self.given, self.answers[name])
        return trials


def course_config(root):
    try:
        return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except ConfigFileNotFound:
        raise InputError(f"there is no nbgrader_config.py in {root}: call this where README.md is") from None


def fingerprint(*things):
    return hashlib.sha256(repr(things).encode("utf-8", "replace")).hexdigest()
