"""What SoftmaxLoss sends to the browser, what it refuses, and what it leaves for a reader on paper."""

import math

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.softmax import SoftmaxLoss, softmax_data


def test_the_numbers_are_those_worked_by_hand():
    data = softmax_data((0.3, 2.9, 4.0), 1)
    e = [math.exp(z) for z in (0.3, 2.9, 4.0)]
    assert data["y"] == pytest.approx([x / sum(e) for x in e])
    assert data["y"] == pytest.approx([0.0182, 0.2452, 0.7366], abs=5e-5)
    assert data["gradient"] == pytest.approx([0.0182, -0.7548, 0.7366], abs=5e-5)
    assert data["loss"] == pytest.approx(-math.log(e[1] / sum(e)))


def test_the_gradient_is_the_slope_of_the_loss_and_adds_up_to_zero():
    z = np.array([1.2, -0.7, 0.4, 2.0])
    data = softmax_data(z, 3)
    slope = bp.numerical_gradient(lambda z: softmax_data(z, 3)["loss"], z)
    assert data["gradient"] == pytest.approx(slope, abs=1e-8)
    assert sum(data["gradient"]) == pytest.approx(0.0, abs=1e-15)


def test_a_number_added_to_every_score_changes_the_scores_alone():
    far, near = softmax_data((10, 0, -10), 1, c=1000), softmax_data((10, 0, -10), 1)
    assert far["scores"] == [1010.0, 1000.0, 990.0]
    assert far["y"] == pytest.approx(near["y"])
    assert far["gradient"] == pytest.approx(near["gradient"])
    assert far["loss"] == pytest.approx(10.0, abs=1e-4)


@pytest.mark.parametrize(
    "z, t, said",
    [
        ((0.3, 2.9), 2, "from 0 to 1; got 2"),
        ((0.3, float("nan")), 0, r"z\[1\] is NaN"),
        ([[1.0, 2.0, 3.0]], [0], r"one row of 2 to 8 scores; got shape \(1, 3\)"),
        (np.zeros(9), 0, r"got shape \(9,\)"),
        ((0.0, 2000.0), 0, "from −1500 to 1500"),
        ("scores", 0, "z must be made of real numbers"),
    ],
    ids=["no such class", "NaN", "a batch", "too many", "too far", "text"],
)
def test_what_cannot_be_shown_is_said_in_its_place(z, t, said):
    widget = SoftmaxLoss(z, t)
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"] == widget.data["message"]
    with pytest.raises(bp.BplibError, match=said) as raised:
        softmax_data(z, t)
    assert str(raised.value) == widget.data["message"]


def test_a_reader_without_a_kernel_sees_the_numbers_at_the_state_that_is_shown():
    widget = SoftmaxLoss()
    assert "loss = −log y = 1.4057" in widget.still()["text/plain"]
    widget.t = 2
    still = widget.still()
    assert {"text/plain", "image/svg+xml"} <= set(still)
    assert "loss = −log y = 0.3057" in still["text/plain"]
    assert "−0.26" in still["image/svg+xml"]
