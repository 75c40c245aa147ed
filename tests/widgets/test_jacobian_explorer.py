"""The JacobianExplorer: the matrix it shows, its structure in words, the still picture, what it refuses."""

import re

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.jacobian import JacobianExplorer, jacobian_data

X, V = np.array([1.0, -2.0, 3.0, -1.0]), np.array([4.0, -1.0, 5.0, 9.0])
W = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])


def test_relu_has_zeros_and_ones_on_its_diagonal():
    data = jacobian_data(bp.relu, X, V)
    assert data["J"] == [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert data["structure"] == "J is 4 × 4, diagonal: 2 of 16 entries are not 0."
    assert "entry by entry" in data["meaning"]
    assert data["start"] == [4, -1, 5, 9]


def test_softmax_has_a_full_jacobian():
    data = jacobian_data(bp.softmax, np.array([1.0, 2.0, 3.0]))
    assert data["y"]["value"] == pytest.approx([0.0900, 0.2447, 0.6652], abs=5e-5)
    assert data["J"][0][:2] == pytest.approx([0.0819, -0.0220], abs=5e-5)
    assert data["structure"] == "J is 3 × 3, full: 9 of 9 entries are not 0."


def test_a_matrix_is_laid_out_entry_after_entry_and_each_sample_is_a_block():
    data = jacobian_data(lambda x: x @ W, np.array([[2.0, 1.0, -3.0], [-3.0, 4.0, 2.0]]))
    assert data["x"]["index"] == ["0,0", "0,1", "0,2", "1,0", "1,1", "1,2"]
    assert data["y"]["shape"] == [2, 4]
    np.testing.assert_array_equal(data["J"], np.kron(np.eye(2), W.T))
    assert "block diagonal, 2 blocks" in data["structure"]


def test_a_number_has_a_jacobian_of_one_entry():
    data = jacobian_data(lambda x: x * x, 3.0, 2.0)
    assert (data["J"], data["x"]["index"], data["start"]) == ([[6.0]], [""], [2.0])
    assert JacobianExplorer(lambda x: x * x, 3.0, 2.0).gradient == 12.0


def test_v_is_one_everywhere_unless_it_is_given():
    assert jacobian_data(bp.relu, X)["start"] == [1, 1, 1, 1]


def test_the_gradient_follows_v_in_the_shape_of_x():
    explorer = JacobianExplorer(lambda x: x @ W, np.ones((2, 3)))
    explorer.v = [2.0, 3.0, -3.0, 9.0, -8.0, 1.0, 4.0, 6.0]
    np.testing.assert_array_equal(explorer.gradient, [[0, 16, -9], [-24, 9, -30]])


@pytest.mark.parametrize(
    "f, x, v, said",
    [
        (bp.relu, np.ones(61), None, "61 × 61 does not suit a screen"),
        (bp.relu, np.ones(0), None, "0 × 0 does not suit"),
        (bp.relu, np.array([1.0, np.nan]), None, r"x\[1\] is NaN"),
        (bp.relu, X, np.ones(3), r"v needs the shape of f\(x\); got v \(3,\), y \(4,\)"),
        (bp.sqrt, np.array([0.0]), None, "a number is not finite"),
        (bp.relu, np.array([1.0, np.inf]), None, "a number is not finite"),
        (lambda x: 3.0, X, None, "not a node"),
    ],
    ids=["too large", "empty", "NaN", "v of another shape", "infinite slope", "infinite input", "constant"],
)
def test_what_cannot_be_shown_is_said_in_its_place(f, x, v, said):
    explorer = JacobianExplorer(f, x, v)
    shown, _ = explorer._repr_mimebundle_()
    assert re.search(said, explorer.data["message"])
    assert shown["text/plain"] == explorer.data["message"]


def test_a_jacobian_too_large_for_memory_is_refused_before_it_is_formed():
    message = JacobianExplorer(bp.relu, np.ones((100, 4096))).data["message"]
    assert message.startswith("JacobianExplorer: a J of 409600 × 409600 does not suit a screen")


def test_the_still_picture_has_the_numbers_at_the_v_that_is_shown():
    explorer = JacobianExplorer(bp.relu, X, V)
    explorer.v = [7.0, 0.5, 6.0, 2.0]
    still = explorer.still()
    assert set(still) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
    for kind in ("text/plain", "image/svg+xml"):
        assert "2 of 16 entries are not 0" in still[kind]
        assert "5120 × 5120 = 26214400 entries (100 MiB)" in still[kind]
    assert still["text/plain"].split("Jᵀv\n")[-1].splitlines()[:2] == [
        "x[0]  x[1]  x[2]  x[3]",
        "   7     0     6     0",
    ]


def test_what_rounding_leaves_of_a_sum_that_cancels_is_a_plain_zero():
    still = JacobianExplorer(bp.softmax, np.array([1.0, 2.0, 3.0])).still()
    assert still["text/plain"].split("Jᵀv\n")[-1].splitlines()[1].split() == ["0", "0", "0"]


@pytest.mark.parametrize("v", [[1.0, 2.0], [1.0, 2.0, 3.0, float("nan")]], ids=["too short", "NaN"])
def test_v_has_one_finite_number_for_each_output(v):
    with pytest.raises(bp.InputError, match="v is 4 finite numbers"):
        JacobianExplorer(bp.relu, X, V).v = v
