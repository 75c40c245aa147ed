"""The roll of an assignment: who has handed in nothing, who late, and whose code was stopped."""

import os
import re

from nbgrader.utils import is_grade

from .late import started_days
from .repair import grade_id_of

LOST = (
    "Timeout",
    "KernelDied",
    "NotRun",
)  # errors that execute and trial put in the place of what a cell shows
STOPPED = re.compile(r"(did not finish within|ended Python:|used up the) ")


def missing(course, gradebook, name):
    """The students of the gradebook of whom there is neither a graded hand-in nor one that waits."""
    have = {submission.student.id for submission in gradebook.assignment_submissions(name)}
    return [
        student
        for student in sorted(gradebook.students, key=lambda student: student.id)
        if student.id not in have
        and not os.path.lexists(course.format_path(course.submitted_directory, student.id, name))
    ]


def stopped_in(notebook):
    """The cells of an autograded notebook that took too long or ended Python."""
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    cells = [cell for cell in code if any(map(is_stop(cell), cell.outputs))]
    return tuple(dict.fromkeys(grade_id_of(cell) or "a cell" for cell in cells))


def is_stop(cell):
    """What tells the outputs of a cell that was stopped: in a test also what the test said about it."""
    if is_grade(cell):
        return lambda output: STOPPED.search(output.get("text") or output.get("evalue", ""))
    return lambda output: output.get("ename") in LOST


def sentences(absent, late, stopped):
    """What an instructor reads at the end of autograde.

    absent   ids
    late     {id: seconds}
    stopped  {id: names of cells}
    """
    if absent:
        yield f"Nothing from {len(absent)}: {', '.join(absent)}."
    if late:
        days = (f"{student} (day {started_days(seconds)})" for student, seconds in sorted(late.items()))
        yield f"Late: {', '.join(days)}."
    if stopped:
        cells = (f"{student} ({', '.join(names)})" for student, names in sorted(stopped.items()))
        yield f"Out of time or memory: {', '.join(cells)}."
