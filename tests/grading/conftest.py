import pytest

from tests.grading.course import Course
from tests.grading.small import RIGHT, SOURCE

pytest.register_assert_rewrite("tests.grading.corpus.graded")


@pytest.fixture(scope="session")
def right():
    """Right answers to every task, by grade_id."""
    return dict(RIGHT)


@pytest.fixture(scope="session")
def given_out(tmp_path_factory):
    """The small assignment, given out; nobody hands in here, but in copies."""
    course = Course(tmp_path_factory.mktemp("given_out"), "ps1", settings="c.Execute.timeout = 4\n")
    course.write_source(SOURCE)
    course.generate()
    return course


@pytest.fixture(scope="module")
def course(given_out, tmp_path_factory):
    """A course with the small assignment; nobody has handed in."""
    return given_out.copy(tmp_path_factory.mktemp("course") / "assignments")


@pytest.fixture(scope="class")
def corpus(request, tmp_path_factory):
    """The members that a class of tests names, graded."""
    from tests.grading.corpus.graded import by_assignment, graded

    with graded(tmp_path_factory.mktemp("corpus"), by_assignment(request.cls.members)) as corpus:
        yield corpus
