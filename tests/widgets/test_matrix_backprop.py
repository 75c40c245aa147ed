"""MatrixBackprop: gradients and slices for each batch, the still picture, what it refuses."""

import re

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.matrices import MatrixBackprop, matrices_data

X = np.array([[2.0, 1.0, -3.0], [-3.0, 4.0, 2.0]])
W = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])
DY = np.array([[2.0, 3.0, -3.0, 9.0], [-8.0, 1.0, 4.0, 6.0]])
B = np.array([1.0, 0.0, -2.0, 0.5])


def test_the_gradients_of_the_course_are_hand_worked():
    *_, whole = matrices_data(X, W, DY)["batches"]
    assert whole["Y"] == [[-1, -1, 2, 6], [5, 2, 11, 7]]
    assert whole["dX"] == [[0, 16, -9], [-24, 9, -30]]
    assert whole["dW"] == [[28, 3, -18, 0], [-30, 7, 13, 33], [-22, -7, 17, -15]]


def test_a_smaller_batch_has_the_gradients_of_its_first_samples_alone():
    first, whole = matrices_data(X, W, DY, B)["batches"]
    assert first["dX"] == whole["dX"][:1]
    assert first["dW"] == [[4, 6, -6, 18], [2, 3, -3, 9], [-6, -9, 9, -27]]
    assert (first["db"], whole["db"]) == ([[2, 3, -3, 9]], [[-6, 4, 1, 15]])


def test_a_slice_holds_what_one_entry_does_to_all_of_y():
    slices = matrices_data(X, W, DY, B)["slices"]
    assert slices["X"][0][0] == [[3, 2, 1, -1], [0, 0, 0, 0]]
    assert slices["X"][1][2] == [[0, 0, 0, 0], [3, 2, 1, -2]]
    assert slices["W"][1][2] == [[0, 0, 1, 0], [0, 0, 4, 0]]
    assert slices["b"][0][3] == [[0, 0, 0, 1], [0, 0, 0, 1]]


@pytest.mark.parametrize("name", ["X", "W", "b"])
def test_each_gradient_is_the_sum_of_upstream_times_slice(name, rng):
    x, w, b, dY = (rng.normal(size=shape) for shape in [(3, 2), (2, 4), 4, (3, 4)])
    data = matrices_data(x, w, dY, b)
    for n, batch in enumerate(data["batches"], 1):
        sums = np.sum(np.array(data["slices"][name])[:, :, :n] * dY[:n], axis=(2, 3))
        np.testing.assert_allclose(batch[f"d{name}"], sums[:n] if name == "X" else sums, atol=1e-12)


def test_the_rules_carry_the_shapes_of_the_batch():
    first, whole = matrices_data(X, W, DY, B)["batches"]
    assert whole["rules"] == [
        "dX = dY Wᵀ: (2, 4) · (4, 3) → (2, 3)",
        "dW = Xᵀ dY: (3, 2) · (2, 4) → (3, 4)",
        "db = Σ rows of dY: (2, 4) → (4,)",
    ]
    assert first["rules"][1] == "dW = Xᵀ dY: (3, 1) · (1, 4) → (3, 4)"
    assert len(matrices_data(X, W, DY)["batches"][0]["rules"]) == 2


@pytest.mark.parametrize(
    "x, w, dY, b, said",
    [
        (X[0], W, DY[0], None, r"one sample is X\[None, :\]; got X \(3,\)"),
        (X, W, DY.T, None, r"dY \(N, M\) are needed.*dY \(4, 2\)"),
        (X, W.T, np.ones((2, 3)), None, "A @ B needs"),
        (X, W, DY, np.ones(3), r"b \(3,\)"),
        (np.ones((9, 3)), W, np.ones((9, 4)), None, r"X \(9, 3\).*do not suit"),
        (np.ones((0, 3)), W, np.ones((0, 4)), None, r"X \(0, 3\)"),
        (X, np.full((3, 4), np.nan), DY, None, r"W\[0, 0\] is NaN"),
        (abs(X) * 1e200, abs(W) * 1e200, DY, None, "not finite"),
    ],
    ids=[
        "one sample",
        "dY transposed",
        "W transposed",
        "b too short",
        "too large",
        "empty",
        "NaN",
        "infinite",
    ],
)
def test_what_cannot_be_shown_is_said_in_its_place(x, w, dY, b, said):
    widget = MatrixBackprop(x, w, dY, b)
    assert re.search(said, widget.data["message"])
    assert widget._repr_mimebundle_()[0]["text/plain"] == widget.data["message"]


def test_the_still_picture_has_the_numbers_of_the_samples_that_take_part():
    widget = MatrixBackprop(X, W, DY, B)
    assert widget.rows == 2
    widget.rows = 1
    still = widget.still()
    assert set(still) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
    for kind in ("text/plain", "image/svg+xml"):
        assert "−27" in still[kind]  # dW of the first sample alone
        assert "−30" not in still[kind]
        assert "Σ rows of dY: (1, 4) → (4,)" in still[kind]


@pytest.mark.parametrize(
    "chosen", [["X", 2, 0], ["W", -1, 0], ["b", 0, 1], ["z", 0, 0], ["dY", 0, 0], ["X"]], ids=str
)
def test_an_entry_that_is_not_there_cannot_be_chosen(chosen):
    widget = MatrixBackprop(X, W, DY, B)
    with pytest.raises(bp.InputError, match="chosen is an entry"):
        widget.chosen = chosen
    widget.chosen = ["b", 3]


@pytest.mark.parametrize("rows", [0, 3])
def test_rows_are_those_that_are_there(rows):
    with pytest.raises(bp.InputError, match="rows is a number from 1 to 2"):
        MatrixBackprop(X, W, DY, B).rows = rows
