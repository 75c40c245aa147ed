"""Right and wrong answers to the self-checks of lesson 5; the rules they obey stand in test_questions.py."""

import math

import numpy as np
import pytest

import bplib as bp
from bplib.course.questions import softmax_loss

log = math.log


def by_loops(upstream, y, t):
    N, C = y.shape
    dz = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            dz[n, c] = upstream * (y[n, c] - t[n, c]) / N
    return dz


def by_gates(upstream, y, t):
    """Through the mean, the logarithm and softmax, one after the other."""
    dy = -upstream * t / y / len(y)
    return y * (dy - (dy * y).sum(axis=1, keepdims=True))


def in_place(upstream, y, t):
    y -= t
    return upstream * y / len(y)


def softmax_twice(upstream, y, t):
    return upstream * (bp.softmax(y) - t) / len(y)


# question, a right answer in one or more styles
RIGHT = [
    (softmax_loss.all_scores_higher, (0.2452,)),
    (softmax_loss.all_scores_higher, (0.245,)),
    (softmax_loss.all_scores_higher, (np.exp(3.9) / (np.exp(1.3) + np.exp(3.9) + np.exp(5.0)),)),
    (softmax_loss.two_losses, (1.609, 0.949)),
    (softmax_loss.two_losses, (-log(0.2), -0.5 * (log(0.3) + log(0.5)))),
    (softmax_loss.sum_of_slopes, (0,)),
    (softmax_loss.sum_of_slopes, (0.3 - 0.8 + 0.5,)),
    (softmax_loss.two_stops, ([0, -5, 0], 0.1)),
    (softmax_loss.two_stops, (np.array([-0.0, -1 / 0.2, -0.0]), 1 / 10)),
    (softmax_loss.half_and_half, ([-0.2, -0.3, 0.5],)),
    (softmax_loss.half_and_half, (np.array([0.3, 0.2, 0.5]) - [0.5, 0.5, 0],)),
    (softmax_loss.back, (lambda upstream, y, t: upstream * (y - t) / len(y),)),
    (softmax_loss.back, (by_loops,)),
    (softmax_loss.back, (by_gates,)),
    (softmax_loss.far_off, (1000,)),
    (softmax_loss.far_off, (1000 + math.log1p(math.exp(-1000)),)),
]

HALF = 0.5 * (log(0.3) + log(0.5))

# question, a wrong answer, the name of the mistake
WRONG = [
    (softmax_loss.all_scores_higher, (0.6665,), "sum left as it was"),
    (softmax_loss.all_scores_higher, (0.4689,), "one score only"),
    (softmax_loss.all_scores_higher, (1.2452,), "1 added to the result"),
    (softmax_loss.all_scores_higher, (3.9,), "score for probability"),
    (softmax_loss.two_losses, (-log(0.3), -HALF), "counted from 1"),
    (softmax_loss.two_losses, (-math.log10(0.2), -HALF), "logarithm to base 10"),
    (softmax_loss.two_losses, (-log(0.5), -HALF), "largest class"),
    (softmax_loss.two_losses, (log(0.2), -HALF), "sign"),
    (softmax_loss.two_losses, (0.2, -HALF), "logarithm left out"),
    (softmax_loss.two_losses, (0.8, -HALF), "logarithm left out"),
    (softmax_loss.two_losses, (-log(0.03), -HALF), "every class"),
    (softmax_loss.two_losses, (-log(0.2) / 3, -HALF), "divided by C"),
    (softmax_loss.two_losses, (1.609, -2 * HALF), "weights left out"),
    (softmax_loss.two_losses, (1.609, -log(0.4)), "logarithm of the mean"),
    (softmax_loss.two_losses, (1.609, -log(0.03) / 3), "every class"),
    (softmax_loss.two_losses, (1.609, -log(0.03)), "every class"),
    (softmax_loss.two_losses, (1.609, -HALF / log(10)), "logarithm to base 10"),
    (softmax_loss.two_losses, (1.609, HALF), "sign"),
    (softmax_loss.two_losses, (1.609, -HALF / 3), "divided by C"),
    (softmax_loss.sum_of_slopes, (1,), "probabilities for slopes"),
    (softmax_loss.sum_of_slopes, (1.6094,), "loss for slope"),
    (softmax_loss.sum_of_slopes, (-1,), "target for slope"),
    (softmax_loss.two_stops, ([0, 5, 0], 0.1), "sign"),
    (softmax_loss.two_stops, ([1 / 0.3, 5, 2], 0.1), "upstream ignored"),
    (softmax_loss.two_stops, ([-1 / 0.3, -5, -2], 0.1), "target left out"),
    (softmax_loss.two_stops, ([0, -1, 0], 0.1), "log left out"),
    (softmax_loss.two_stops, ([0, -0.2, 0], 0.1), "value for derivative"),
    (softmax_loss.two_stops, ([0, -5, 0], -0.1), "a minus lost"),
    (softmax_loss.two_stops, ([0, -5, 0], -0.02), "upstream ignored"),
    (softmax_loss.two_stops, ([0, -5, 0], 1), "square forgotten"),
    (softmax_loss.two_stops, ([0, -5, 0], 0.05), "e left out"),
    (softmax_loss.two_stops, ([0, -5, 0], -0.5), "the other input"),
    (softmax_loss.two_stops, ([0, -5, 0], 10), "value for gradient"),
    (softmax_loss.half_and_half, ([0.2, 0.3, -0.5],), "sign"),
    (softmax_loss.half_and_half, ([0.3, 0.2, 0.5],), "target left out"),
    (softmax_loss.half_and_half, ([-0.7, 0.2, 0.5],), "target rounded"),
    (softmax_loss.half_and_half, ([0.3, -0.8, 0.5],), "target rounded"),
    (softmax_loss.half_and_half, ([-0.7, -0.8, 0.5],), "target rounded"),
    (softmax_loss.half_and_half, ([-0.5 / 0.3, -2.5, 0],), "stopped at y"),
    (softmax_loss.half_and_half, ([-0.2 / 3, -0.1, 0.5 / 3],), "divided by C"),
    (softmax_loss.back, (lambda u, y, t: u * (y - t),), "1/N missing"),
    (softmax_loss.back, (lambda u, y, t: u * (y - t) / len(y) ** 2,), "1/N twice"),
    (softmax_loss.back, (lambda u, y, t: u * (y - t) / y.shape[1],), "divided by C"),
    (softmax_loss.back, (lambda u, y, t: u * (y - t) / y.size,), "divided by C"),
    (softmax_loss.back, (lambda u, y, t: (y - t) / len(y),), "upstream ignored"),
    (softmax_loss.back, (lambda u, y, t: y - t,), "upstream and 1/N missing"),
    (softmax_loss.back, (lambda u, y, t: u + (y - t) / len(y),), "upstream added"),
    (softmax_loss.back, (lambda u, y, t: u * (t - y) / len(y),), "sign"),
    (softmax_loss.back, (lambda u, y, t: u * y / len(y),), "target left out"),
    (softmax_loss.back, (softmax_twice,), "softmax twice"),
    (softmax_loss.back, (in_place,), "argument changed in place"),
    (softmax_loss.back, (lambda u, y, t: -u * t / y / len(y),), "stopped at y"),
    (softmax_loss.far_off, (16.1,), "1e-7 in the logarithm"),
    (softmax_loss.far_off, (-1000,), "sign"),
    (softmax_loss.far_off, (0,), "another class"),
    (softmax_loss.far_off, (log(1000),), "logarithm of the score"),
]


@pytest.mark.parametrize("answer", [None, 5.0], ids=["nothing", "one number"])
def test_a_way_back_that_is_no_array_is_told_so(answer):
    said = str(softmax_loss.back(lambda upstream, y, t: answer))
    assert "returned nothing" in said or "is a single number, but needs shape (4, 3)" in said


def test_a_way_back_that_in_place_is_told_so_and_nothing_is_computed_from_the_rest():
    report = softmax_loss.back(in_place)
    assert report.mistakes == ("argument changed in place",)


def test_an_infinite_loss_is_called_not_finite():
    assert softmax_loss.far_off(math.inf).mistakes == ("not finite",)
