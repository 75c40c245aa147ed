"""Assignment 1: what holds of it alone; what holds of all stands in test_assignments.py."""

import re

import pytest

from bplib.questions import ps01 as ask
from bplib.rehearsal import Assignment, mark


@pytest.fixture(scope="module")
def ps01(root):
    return Assignment(root / "assignments", "ps01")


def test_14_points_are_graded_by_tests_and_4_by_a_person(ps01):
    (explanation,) = [cell for cell in ps01.notebook.cells if cell.id == "explain"]
    assert (sum(ps01.points.values()), mark(explanation)["points"]) == (14, 4)


def test_the_visible_points_of_wave_tell_a_derivative_taken_at_x_from_one_taken_at_y(ps01):
    source = "\n".join(cell.source for cell in ps01.notebook.cells)
    shown = {float(x) for x in re.findall(r"ask\.wave, wave, x=(\S+)\)", source)}
    assert shown == set(ask.SHOWN)
    assert all(abs((3 * x - 1) - x) > 0.1 for x in shown)
