"""Assignment 5: what holds of it alone; what holds of all stands in test_assignments.py."""

import numpy as np
import pytest

import bplib as bp
from bplib.authoring.rehearsal import Assignment
from bplib.course.questions import ps05 as ask


@pytest.fixture(scope="module")
def ps05(root):
    return Assignment(root / "assignments", "ps05")


@pytest.mark.parametrize("seed", range(4))
def test_a_softmax_is_blamed_for_the_shift_that_it_lacks(seed):
    def naive(z):
        e = np.exp(z)
        return e / e.sum(axis=1, keepdims=True)

    def common(z):
        return naive(z - z.max())

    def by_the_mean(z):
        return naive(z - z.mean(axis=1, keepdims=True))

    assert ask.softmax_of_large_scores(naive, seed=seed).mistakes[0] == "overflow"
    assert ask.softmax_of_large_scores(common, seed=seed).mistakes[0] == "not shifted row by row"
    assert ask.softmax_of_large_scores(by_the_mean, seed=seed).mistakes == ("shifted too little",)


def test_the_way_back_is_asked_for_with_a_signal_that_is_not_1_and_a_gradient_found_by_nudging():
    def ignoring(upstream, y, t):
        T = np.eye(3)[t] if t.ndim == 1 else t
        return (y - T) / len(y)

    assert set(ask.gradient_of_rows(ignoring).mistakes) == {"upstream ignored"}


def test_the_true_loss_is_a_number_worked_out_by_hand():
    def by_hand(z, t, log_softmax):
        rows = [[float(x) for x in row] for row in z]
        return -sum(row[k] - np.log(sum(np.exp(row))) for row, k in zip(rows, t, strict=True)) / len(rows)

    assert ask.loss_of_indices(by_hand)


@pytest.mark.parametrize("shape", [(6, 6), (5, 3)], ids=str)
@pytest.mark.parametrize("seed", range(20))
def test_no_two_mistakes_give_the_same_accuracy(shape, seed):
    z, labels, right = ask._guesses(seed, shape)
    given = [right, *(mistake.gives for mistake in ask._slips_of_accuracy(z, labels))]
    assert len(set(np.round(given, 9))) == len(given)


def test_a_layer_of_the_library_is_right_and_does_not_count():
    class OfTheLibrary(bp.SoftmaxWithLoss):
        def __init__(self, log_softmax):
            super().__init__()

    for question in (ask.layer_forward, ask.layer_backward, ask.layer_memory, ask.layer_far_off):
        assert all(finding.ok for finding in question.judge(OfTheLibrary))
        assert question(OfTheLibrary).mistakes == ("library used",)
