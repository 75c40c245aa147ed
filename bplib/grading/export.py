"""`nbgrader export` with the csv module: any name survives, and none becomes a formula.

grades.csv is for reading; two more tables are for import elsewhere:

    nbgrader export --exporter=bplib.grading.export.CanvasExport
    nbgrader export --exporter=bplib.grading.export.MoodleExport

They have one row per student, one column per assignment, and nothing where nothing can be said yet: no
hand-in, or one that waits for a person.
"""

import csv
from operator import attrgetter
from typing import ClassVar

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin

FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class Table(ExportPlugin):
    """The students and assignments asked for, and the scores between them.

    An assignment that nobody has handed in yet is left out, unless it is asked for by its name.
    Their order is made here: databases differ in where a name or a date goes that is not known.
    """

    def students(self, gradebook):
        asked = [student for student in gradebook.students if named(student.id, self.student)]
        return sorted(asked, key=lambda each: (each.last_name or "", each.first_name or "", each.id))

    def assignments(self, gradebook):
        asked = [each for each in gradebook.assignments if named(each.name, self.assignment)]
        if not self.assignment:
            asked = [each for each in asked if each.submissions]
        return sorted(asked, key=lambda each: (str(each.duedate or ""), each.name))


class CsvExport(Table):
    """nbgrader's columns, one row per assignment and student, in grades.csv or the file named by --to."""

    def export(self, gradebook):
        rows = [
            self.row(gradebook, assignment, student)
            for assignment in self.assignments(gradebook)
            for student in self.students(gradebook)
        ]
        write_table(self.to or "grades.csv", COLUMNS, rows)

    def row(self, gradebook, assignment, student):
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:  # nothing handed in
            timestamp, raw_score, penalty, score = "", "", "", ""
        else:
            timestamp, raw_score = submission.timestamp, submission.score
            penalty, score = submission.late_submission_penalty or 0.0, after_penalty(submission)
        return dict(
            assignment=text(assignment.name),
            duedate=assignment.duedate,
            timestamp=timestamp,
            student_id=text(student.id),
            last_name=text(student.last_name),
            first_name=text(student.first_name),
            email=text(student.email),
            raw_score=raw_score,
            late_submission_penalty=penalty,
            score=score,
            max_score=assignment.max_score,
        )


class ForImport(Table):
    """One row per student: columns about the student, by `about`, then a score for each assignment."""

    file_name, about = "", {}

    def export(self, gradebook):
        assignments = self.assignments(gradebook)
        rows = [self.row(gradebook, assignments, student) for student in self.students(gradebook)]
        columns = [*self.about, *(text(assignment.name) for assignment in assignments)]
        write_table(self.to or self.file_name, columns, [*self.above(assignments), *rows])

    def row(self, gradebook, assignments, student):
        about = {column: text(of(student)) for column, of in self.about.items()}
        return about | {text(each.name): final_score(gradebook, each, student) for each in assignments}

    def above(self, assignments):
        """Rows between the names of the columns and the students."""
        return []


class CanvasExport(ForImport):
    """canvas.csv, for Gradebook, Import, in Canvas.

    ID is the student's lms_user_id in nbgrader, SIS User ID and SIS Login ID are the student's id. An
    assignment that Canvas does not know by its name is offered there as a new one.
    """

    file_name = "canvas.csv"
    about: ClassVar = {
        "Student": lambda student: ", ".join(filter(None, (student.last_name, student.first_name))),
        "ID": attrgetter("lms_user_id"),
        "SIS User ID": attrgetter("id"),
        "SIS Login ID": attrgetter("id"),
        "Section": lambda student: "",
    }

    def above(self, assignments):
        points = {text(assignment.name): assignment.max_score for assignment in assignments}
        return [{"Student": "    Points Possible"} | points]


class MoodleExport(ForImport):
    """moodle.csv, for Grades, Import, CSV file, in Moodle; there, map one column about the student.

    Username is the student's id in nbgrader, ID number the lms_user_id.
    """

    file_name = "moodle.csv"
    about: ClassVar = {
        "Username": attrgetter("id"),
        "ID number": attrgetter("lms_user_id"),
        "First name": attrgetter("first_name"),
        "Last name": attrgetter("last_name"),
        "Email address": attrgetter("email"),
    }


def final_score(gradebook, assignment, student):
    """The score after a late penalty; nothing without a hand-in, or as long as it waits for a person."""
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return ""
    return "" if submission.needs_manual_grade else after_penalty(submission)


def after_penalty(graded):
    """What is left of the score of a submission."""
    return round(max(0.0, graded.score - (graded.late_submission_penalty or 0.0)), 4)


def write_table(path, columns, rows, encoding="utf-8"):
    """A file of comma-separated values in which all text is quoted, so that an id stays text."""
    with open(path, "w", newline="", encoding=encoding, errors="replace") as file:
        writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_NONNUMERIC)
        writer.writeheader()
        writer.writerows(rows)


COLUMNS = (
    "assignment duedate timestamp student_id last_name first_name email "
    "raw_score late_submission_penalty score max_score"
).split()


def named(name, wanted):
    """Whether a name was asked for; an empty list asks for all. On the command line 7 may be a name."""
    return not wanted or name in map(str, wanted)


def text(value):
    """A name as a spreadsheet may open it: one that begins like a formula is quoted with an apostrophe."""
    value = value or ""
    return f"'{value}" if value.startswith(FORMULA) else value
