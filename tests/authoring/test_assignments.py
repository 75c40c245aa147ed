"""Every assignment in assignments/source/: a notebook in order, and answers that get what they should."""

from functools import cache
from pathlib import Path

import pytest

from bplib.authoring import promises, selftest
from bplib.authoring.rehearsal import Assignment

COURSE = Path(__file__).parents[2] / "assignments"
NAMES = sorted(path.stem for path in COURSE.glob("source/*/ps*.py"))
FOUR = range(1, 5)
COURSES = {"ps09": range(1, 13), "ps10": FOUR}  # here an answer trains networks in every task
TWENTY = range(1, 21)

each_assignment = pytest.mark.parametrize("name", NAMES)


def each_answer(kind):
    files = sorted(path for name in NAMES for path in COURSE.glob(f"answers/{name}/{kind}/*.py"))
    cases = [pytest.param(path.parts[-3], path, id=f"{path.parts[-3]}-{path.stem}") for path in files]
    return pytest.mark.parametrize(("name", "path"), cases)


@cache
def assignment(name):
    return Assignment(COURSE, name)


def test_there_is_an_assignment():
    assert "ps01" in NAMES


def shared_out(path, courses):
    """The courses to try this answer in: its folder tries each; `bplib selftest` tries all in all."""
    answers = sorted(path.parent.glob("*.py"))
    return courses[answers.index(path) % len(courses) :: len(answers)]


@each_answer("right")
def test_a_right_answer_gets_full_marks_in_any_course(name, path):
    courses = shared_out(path, COURSES.get(name, TWENTY))
    assert list(selftest.right_answer(assignment(name), path, courses)) == []


@each_answer("wrong")
def test_a_wrong_answer_gets_the_score_it_states_and_hears_what_is_wrong(name, path):
    courses = shared_out(path, FOUR) if name in COURSES else [1, *shared_out(path, FOUR[1:])]
    assert list(selftest.wrong_answer(assignment(name), path, courses)) == []


@each_assignment
def test_the_instructor_version_gets_full_marks_with_nothing_on_stderr(name):
    assert list(selftest.instructor_version(assignment(name), COURSES.get(name, TWENTY))) == []


@each_assignment
def test_the_blank_release_scores_0_and_says_what_is_open(name):
    assert list(selftest.release(assignment(name))) == []


@each_assignment
def test_every_mistake_that_the_questions_know_is_made_by_a_wrong_answer(name):
    assert list(selftest.mistakes(assignment(name))) == []


@each_assignment
def test_the_notebook_is_what_students_and_nbgrader_expect(name):
    assert list(selftest.document(assignment(name))) == []


@each_assignment
def test_the_explanation_has_a_rubric_and_two_sample_answers(name):
    assert list(selftest.explanations(assignment(name))) == []


@each_assignment
def test_validate_fails_the_cells_that_lose_points(name):
    assert list(selftest.validate(assignment(name))) == []


@each_assignment
def test_what_the_text_promises_is_asked_and_what_is_asked_is_promised(name):
    assert list(promises.broken(assignment(name))) == []
