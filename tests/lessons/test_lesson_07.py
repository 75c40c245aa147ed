"""Lesson 7: a check that fails where it should, and trainings whose pictures are stored half-way."""

import re
from pathlib import Path

import nbformat
import pytest

LESSON = Path(__file__).parents[2] / "notebooks" / "07_train_and_check.ipynb"


@pytest.fixture(scope="module")
def cells():
    return [cell for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "code"]


def test_the_check_of_a_network_that_forgets_the_relu_fails_in_front_of_it_only(cells):
    (cell,) = [cell for cell in cells if "bp.check_network(slip" in cell.source]
    report = cell.outputs[0].data["text/plain"]
    assert re.findall(r"(ok|not yet) +(d\w\d)", report) == [
        ("not yet", "dW1"), ("not yet", "db1"), ("ok", "dW2"), ("ok", "db2"),
    ]  # fmt: skip


def test_the_widgets_stand_there_with_a_picture_of_a_training_that_has_begun(cells):
    shown = [cell.outputs[0].data for cell in cells if "TrainingView(" in cell.source and cell.outputs]
    steps = [re.search(r"After (\d+) steps", data["text/plain"])[1] for data in shown]
    assert steps == ["90", "140"]
    assert all({"image/svg+xml", "image/png"} <= set(data) for data in shown)
