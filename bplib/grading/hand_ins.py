"""What the gradebook and the autograded notebooks tell about an assignment, as plain data.

Nothing is written: not to the gradebook, not to a hand-in.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from traitlets.config import ConfigFileNotFound, PyFileConfigLoader

from ..check.report import NOT_ANSWERED
from ..errors import InputError
from .gradebook import opened
from .intake import LARGEST_FILE, OURS, NotGraded, read_plain_file
from .repair import grade_id_of
from .roll import missing, stopped_in
from .similarity import PROSE, Passage

NAMED = re.compile(r"^ {9}(?:  )?(\S[^:\n]{0,59}): ", re.MULTILINE)  # under a finding that is not right
WRONG = re.compile(r"^ *not yet  (.*)", re.MULTILINE)
UNNAMED = "no known mistake"
NAME = re.compile(r"[^\W\d]\w+|\d{5,}")  # what a name or an id is made of, but no number as code has it


@dataclass(frozen=True)
class Work:
    """One hand-in in one task.

    score     None as long as it waits for a person
    answer    the source of its answer cells, without the student's name
    mistakes  the names that its test cell printed
    heard     the first thing that this cell found wrong, without the student's name
    """

    score: float | None
    answer: str
    mistakes: tuple = ()
    heard: str = ""


@dataclass(frozen=True)
class HandIn:
    """What one student handed in.

    notes       what intake had to say about it
    set_aside   whether a notebook of it could not be graded at all
    seconds     how long its cells ran; None where nobody has measured it
    stopped     the cells that took too long or ended Python
    work        {task: Work}
    wrote       the Passages that are the student's: answers, explanations and cells of their own
    """

    student: str
    last_name: str
    first_name: str
    timestamp: datetime | None
    seconds_late: float
    score: float
    late_submission_penalty: float
    notes: tuple
    set_aside: bool
    seconds: float | None
    work: dict
    wrote: tuple = ()
    stopped: tuple = ()


@dataclass(frozen=True)
class Absent:
    """A student of the gradebook who has handed in nothing."""

    student: str
    last_name: str
    first_name: str


@dataclass(frozen=True)
class Graded:
    """An assignment with its tasks, {(notebook, grade_id): points} in the order of the notebook.

    given    the Passages that were handed out, as far as the release is there
    missing  an Absent for each who has handed in nothing
    """

    name: str
    tasks: dict
    hand_ins: list
    given: tuple = ()
    missing: tuple = ()

    @property
    def points(self):
        return sum(self.tasks.values())

    def title(self, task):
        """The grade_id of a task, with its notebook where there are several."""
        return task[1] if len({notebook for notebook, _ in self.tasks}) == 1 else "/".join(task)


def read_graded(assignments, name):
    """The assignment `name`, as graded in the folder `assignments`.

    Raises InputError if the course, its gradebook, the assignment or every hand-in is missing.
    """
    course = course_in(assignments)
    with opened(course, reading=True) as gradebook:
        assignment = find_assignment(gradebook, name)
        submissions = sorted(gradebook.assignment_submissions(name), key=lambda each: each.student.id)
        hand_ins = [read_hand_in(course, submission) for submission in submissions]
        points = {
            (notebook.name, cell.name): cell.max_score
            for notebook in assignment.notebooks
            for cell in [*notebook.grade_cells, *notebook.task_cells]
        }
        given = [
            read_notebook(course, "release", ".", name, notebook.name) for notebook in assignment.notebooks
        ]
        absent = [
            Absent(student.id, student.last_name or "", student.first_name or "")
            for student in missing(course, gradebook, name)
        ]
    if not hand_ins:
        raise InputError(f"no {name} is graded yet: run `nbgrader autograde {name}` in {assignments} first")
    in_order = max((list(hand_in.work) for hand_in in hand_ins), key=len)
    tasks = {task: points[task] for task in [*in_order, *points] if task in points}
    passed_out = tuple(each for part in given if part for each in passages(part))
    return Graded(name, tasks, hand_ins, passed_out, tuple(absent))


def course_in(assignments):
    """nbgrader's view of the folder, by its nbgrader_config.py."""
    folder = str(Path(assignments).resolve())
    try:
        config = PyFileConfigLoader("nbgrader_config.py", path=folder).load_config()
    except ConfigFileNotFound:
        raise InputError(
            f"there is no {assignments}/nbgrader_config.py: call this where README.md is"
        ) from None
    return CourseDirectory(config=config)


def find_assignment(gradebook, name):
    try:
        return gradebook.find_assignment(name)
    except MissingEntry:
        known = ", ".join(sorted(assignment.name for assignment in gradebook.assignments)) or "none at all"
        raise InputError(f"the gradebook knows no assignment {name!r}; it knows {known}") from None


def read_hand_in(course, submission):
    student = submission.student
    graded = {each.name: each for each in sorted(submission.notebooks, key=attrgetter("name"))}
    notebooks = {
        name: read_notebook(course, "autograded", student.id, submission.name, name) for name in graded
    }
    read = {name: notebook for name, notebook in notebooks.items() if notebook}
    taken = [notebook for notebook in read.values() if "not_graded" not in notebook.metadata]
    lost = [f"The autograded {name}.ipynb cannot be read." for name in notebooks if name not in read]
    return HandIn(
        student.id,
        student.last_name or "",
        student.first_name or "",
        submission.timestamp,
        submission.total_seconds_late,
        submission.score,
        submission.late_submission_penalty or 0.0,
        (*(note for notebook in read.values() for note in notes_of(notebook)), *lost),
        len(taken) < len(read),
        seconds_run(read.values()),
        {
            (name, grade_id): work
            for name, each in graded.items()
            for grade_id, work in work_in(read.get(name), each, student)
        },
        tuple(each for notebook in taken for each in passages(notebook, is_locked)),
        tuple(cell for notebook in taken for cell in stopped_in(notebook)),
    )


def read_notebook(course, step, student, assignment, name):
    """The notebook as it was given out or graded, or None where it cannot be read."""
    folder = course.format_path(getattr(course, f"{step}_directory"), student, assignment)
    try:
        text = read_plain_file(Path(folder, f"{name}.ipynb"), LARGEST_FILE).decode("utf-8")
        return nbformat.reads(text, as_version=4)
    except (NotGraded, ValueError):
        return None


def notes_of(notebook):
    """The sentences of intake's cell on top, if there is one."""
    if not notebook.cells or OURS not in notebook.cells[0].metadata:
        return []
    lines = notebook.cells[0].source.splitlines()
    return [line.removeprefix("- ") for line in lines if line.startswith("- ")]


def passages(notebook, left_out=lambda cell: False):
    """The text of its cells as Passages, without those left out and intake's."""
    language = notebook.metadata.get("kernelspec", {}).get("language") or "python"
    languages = {"code": language, "markdown": PROSE}
    for cell in notebook.cells[1 if notes_of(notebook) else 0 :]:
        if cell.cell_type in languages and not left_out(cell):
            yield Passage(languages[cell.cell_type], cell.source)


def seconds_run(notebooks):
    times = [cell.metadata.get("execution", {}) for notebook in notebooks for cell in notebook.cells]
    ran = [
        datetime.fromisoformat(time["shell.execute_reply"])
        - datetime.fromisoformat(time["iopub.execute_input"])
        for time in times
        if time.keys() >= {"shell.execute_reply", "iopub.execute_input"}
    ]
    return sum(each.total_seconds() for each in ran) if ran else None


def work_in(notebook, submitted, student):
    """Pairs (grade_id, Work), in the order of the notebook where it can be read."""
    grades = {grade.cell.name: grade for grade in submitted.grades}
    answers = dict(answers_in(notebook)) if notebook else {}
    if notebook and "not_graded" in notebook.metadata:
        answers = dict.fromkeys(answers, ("", ""))
    for grade_id in [*answers, *sorted(grades.keys() - answers.keys())]:
        if grade := grades.get(grade_id):
            score = None if grade.needs_manual_grade else grade.score
            answer, printed = (without_names(said, student) for said in answers.get(grade_id, ("", "")))
            lost = printed and score is not None and score < grade.cell.max_score
            yield (
                grade_id,
                Work(score, answer, *((mistakes_in(printed), first_wrong(printed)) if lost else ())),
            )


def answers_in(notebook):
    """Pairs (grade_id, (answer, printed)): each answer belongs to the graded cell that comes next."""
    answer = []
    for cell in notebook.cells:
        if is_solution(cell):
            answer.append(cell.source)
        if is_grade(cell) or is_task(cell):
            printed = [output.get("text") or output.get("evalue", "") for output in cell.get("outputs", [])]
            yield grade_id_of(cell), ("\n\n".join(answer), "".join(printed))
            answer = []


def mistakes_in(printed):
    """The names of the mistakes in what a test cell printed, each once; else what kind of loss it is."""
    named = tuple(dict.fromkeys(NAMED.findall(printed)))
    return named or ((NOT_ANSWERED,) if NOT_ANSWERED in printed else (UNNAMED,))


def first_wrong(printed):
    found = WRONG.search(printed)
    return found[1] if found else printed.splitlines()[0]


def without_names(source, student):
    """The source, with the student's own names, id and address taken out wherever they stand."""
    whole = filter(None, (student.id, student.last_name, student.first_name, student.email))
    words = {word for name in whole for word in NAME.findall(name.split("@")[0])}
    if student.email:
        words.add(student.email)
    if not words:
        return source
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(rf"(?<![^\W_])(?:{longest_first})(?![^\W_])", "[name]", source, flags=re.IGNORECASE)
