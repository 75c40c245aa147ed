"""Assignment 6: what holds of it alone; what holds of all stands in test_assignments.py."""

import numpy as np
import pytest

from bplib import nielsen
from bplib.authoring.rehearsal import Assignment, answered, run
from bplib.course.questions import ps06 as ask


@pytest.fixture(scope="module")
def ps06(root):
    return Assignment(root / "assignments", "ps06")


def test_an_early_task_left_open_costs_nothing_later(ps06):
    blank = {cell.id: cell.source for cell in ps06.release().cells}
    early = ("feedforward", "errors", "gradients")
    ran = run(answered(ps06.notebook, {task: blank[task] for task in early}))
    for test, points in ps06.points.items():
        assert ran[test].value == (0 if test.removeprefix("test_") in early else points)


@pytest.mark.parametrize("sizes", [ask.SQUARE, ask.UNEQUAL], ids=str)
def test_the_functions_that_are_handed_to_backprop_agree_with_nudging(sizes):
    feedforward, bp1, bp2, bp3, bp4 = ask.EQUATIONS
    x, y, weights, biases = ask._network(sizes, seed=3)
    zs, activations = feedforward(x, weights, biases)
    delta = bp1(activations[-1] - y, zs[-1])
    nabla_b, nabla_w = ask._nudged(x, y, weights, biases)
    for l in (2, 1, 0):
        np.testing.assert_allclose(bp3(delta), nabla_b[l], rtol=1e-6)
        np.testing.assert_allclose(bp4(activations[l], delta), nabla_w[l], rtol=1e-6)
        delta = bp2(delta, weights[l], zs[l - 1]) if l else None


def test_the_step_that_is_asked_for_is_the_one_of_the_book():
    weights, biases, batch = ask._mini_batch(seed=2, examples=5)
    network = nielsen.Network([3, 4, 2], np.random.default_rng(0))
    network.weights, network.biases = list(weights), list(biases)
    network.update_mini_batch(batch, 0.3)
    new_weights, new_biases = ask._step(weights, biases, batch, 0.3 / 5)
    for ours, its in zip(new_weights + new_biases, network.weights + network.biases, strict=True):
        np.testing.assert_allclose(ours, its, rtol=1e-12)


def test_nudged_gradients_of_a_mini_batch_agree_with_the_four_equations_in_rows():
    X, Y, params = ask._in_rows((2, 5, 3), examples=4, seed=1)
    wanted = nielsen.backprop(X, Y, params)
    for name, nudged in ask._nudged_rows(X, Y, params).items():
        np.testing.assert_allclose(nudged, wanted[name], rtol=1e-5, atol=1e-10)
