"""Assignment 1: what holds of it alone; what holds of all stands in test_assignments.py."""

import re

import pytest

from bplib.authoring.rehearsal import Assignment
from bplib.course.questions import ps01 as ask


@pytest.fixture(scope="module")
def ps01(root):
    return Assignment(root / "assignments", "ps01")


def test_the_visible_points_of_wave_tell_a_derivative_taken_at_x_from_one_taken_at_y(ps01):
    source = "\n".join(cell.source for cell in ps01.notebook.cells)
    shown = {float(x) for x in re.findall(r"ask\.wave, wave, x=(\S+)\)", source)}
    assert shown == set(ask.SHOWN)
    assert all(abs((3 * x - 1) - x) > 0.1 for x in shown)
