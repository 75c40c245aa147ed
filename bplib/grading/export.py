"""`nbgrader export` with the csv module: any name survives, and none becomes a formula."""

import csv

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvExport(ExportPlugin):
    """nbgrader's columns, one row per assignment and student, in grades.csv or the file named by --to."""

    def export(self, gradebook):
        rows = [self.row(gradebook, assignment, student) for assignment, student in self.chosen(gradebook)]
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)

    def chosen(self, gradebook):
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if named(assignment.name, self.assignment) and named(student.id, self.student):
                    yield assignment, student

    def row(self, gradebook, assignment, student):
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:  # nothing handed in
            timestamp, raw_score, penalty = "", 0.0, 0.0
        else:
            timestamp, raw_score = submission.timestamp, submission.score
            penalty = submission.late_submission_penalty or 0.0
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
            score=max(0.0, raw_score - penalty),
            max_score=assignment.max_score,
        )


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
