"""A change arrives through generate_assignment; who forgets it is told, and no class has other points."""

import nbformat
import pytest

from tests.grading.course import cell_of
from tests.grading.small import RIGHT

FULL = {"test_relu": 2.0, "test_double": 3.0, "test_cube": 4.0, "why": None, "sketch": None}
BPLIB = ("-m", "bplib.cli")


@pytest.fixture
def small(given_out, tmp_path):
    course = given_out.copy(tmp_path / "assignments")
    course.submit("ann", course.answered(**RIGHT))
    return course


def edit(course, step, grade_id, change):
    path = course.root / step / "ps1" / "ps1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(cell_of(notebook, grade_id))
    nbformat.write(notebook, path)


def test_points_that_differ_between_release_and_gradebook_stop_the_grading(small):
    edit(small, "release", "test_double", lambda cell: cell.metadata.nbgrader.update(points=7))
    says = "test_double has 7 points in release, has 3 points in the gradebook"
    assert says in small.run("autograde", "ps1", python=BPLIB, expect=1)
    assert says in small.autograde(expect=1)
    assert small.scores("ann") == {}


def test_a_changed_source_is_named_until_it_is_generated_again(small):
    edit(small, "source", "test_double", lambda cell: cell.metadata.nbgrader.update(points=6))
    edit(small, "source", "test_relu", lambda cell: cell.update(source=cell.source.replace("0.125", "0.375")))
    said = small.run("autograde", "ps1", python=BPLIB)
    assert "test_double has 6 points in source, has 3 points in the gradebook" in said
    assert "the test test_relu has another text in source" in said and "test_cube" not in said
    assert small.scores("ann") == FULL
    small.run("generate_assignment", "ps1", "--force")
    said = small.run("autograde", "ps1", python=BPLIB)
    assert "has changed" not in said and "1 graded" in said
    assert "has changed" not in small.autograde("--force")
