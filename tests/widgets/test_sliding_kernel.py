"""SlidingKernel: its tables against hand-worked and measured ones, its messages, and its picture on paper."""

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.sliding import slid, sliding_data

X = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, -1.0, 1.0]])
K = np.array([[1.0, -1.0], [2.0, 0.0]])
DY = np.array([[1.0, 2.0], [-1.0, 1.0]])


def test_the_numbers_of_the_course_come_out_when_all_places_have_sent_back():
    found = slid(X, K, DY, 1, 0, 4)
    assert found["Y"].tolist() == [[-1, 4], [3, -4]]
    assert found["dK"].tolist() == [[6, 4], [-1, 9]]
    assert found["dX"].tolist() == [[1, 1, -2], [1, 6, -1], [-2, 2, 0]]


def test_the_first_place_alone_sends_its_upstream_times_the_kernel_and_times_its_window():
    found = slid(X, K, DY * 5, 1, 0, 1)
    assert found["dK"].tolist() == (5 * X[:2, :2]).tolist()
    assert found["dX"].tolist() == [[5, -5, 0], [10, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("stride, padding", [(1, 0), (2, 1), (3, 2), (1, 2)])
def test_at_the_end_the_gradients_are_those_that_differences_measure(stride, padding, rng):
    image, kernel = rng.normal(size=(4, 5)), rng.normal(size=(2, 3))
    found = slid(image, kernel, [[1.0, -2.0], [0.5, 3.0]], stride, padding, 99)

    def loss(image, kernel):
        return np.sum(found["dY"] * slid(image, kernel, [[1.0]], stride, padding, 0)["Y"])

    inside = np.s_[padding : 4 + padding, padding : 5 + padding]
    dX = bp.numerical_gradient(lambda image: loss(image, kernel), image)
    dK = bp.numerical_gradient(lambda kernel: loss(image, kernel), kernel)
    np.testing.assert_allclose(found["dX"][inside], dX, atol=1e-8)
    np.testing.assert_allclose(found["dK"], dK, atol=1e-8)


@pytest.mark.parametrize(
    "arguments, said",
    [
        ((X[0], K), "X (H, W) and K (h, w)"),
        ((K, X), "has to fit"),
        ((np.ones((8, 2)), K), "do not suit a screen"),
        ((X, K, DY[0]), "(2, 2)"),
        ((X, K, DY, 4), "stride"),
        ((X, K, DY, 1, -1), "padding"),
        ((X, K, DY, 1, 0, 5), "step"),
        ((np.where(X == 1.0, np.inf, X), K), "not finite"),
    ],
)
def test_what_cannot_be_shown_is_said_in_its_place(arguments, said):
    widget = bp.SlidingKernel(*arguments)
    data, _ = widget._repr_mimebundle_()
    assert said in widget.data["message"] and data["text/plain"] == widget.data["message"]


def test_without_an_upstream_there_are_ones_in_the_shape_of_y():
    assert sliding_data(X, K, stride=2, padding=1)["dY"] == [[1.0, 1.0], [1.0, 1.0]]


def test_the_picture_on_paper_shows_the_place_and_what_has_come_back():
    still = bp.SlidingKernel(X, K, DY, step=2).still()["text/plain"]
    assert "Y[0, 1] is the last of 2 places" in still and "dY[0, 1] = 2." in still
    assert "Nothing has come back yet" in bp.SlidingKernel(X, K, DY).still()["text/plain"]


def test_what_is_given_is_not_written_into():
    before = X.copy(), K.copy(), DY.copy()
    bp.SlidingKernel(X, K, DY, padding=0, step=4).still()
    assert all(map(np.array_equal, before, (X, K, DY)))
