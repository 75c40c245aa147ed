"""Every assignment in assignments/source/: a notebook in order, and answers that get what they should."""

from functools import cache
from pathlib import Path

import pytest

from bplib import selftest
from bplib.rehearsal import Assignment

COURSE = Path(__file__).parents[1] / "assignments"
NAMES = sorted(path.stem for path in COURSE.glob("source/*/ps*.py"))

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


@each_answer("right")
def test_a_right_answer_gets_full_marks_in_every_course(name, path):
    assert list(selftest.right_answer(assignment(name), path)) == []


@each_answer("wrong")
def test_a_wrong_answer_gets_the_score_it_states_and_hears_what_is_wrong(name, path):
    assert list(selftest.wrong_answer(assignment(name), path)) == []


@each_assignment
def test_the_instructor_version_gets_full_marks_with_nothing_on_stderr(name):
    assert list(selftest.instructor_version(assignment(name))) == []


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
