"""Assignment 7: what holds of it alone; what holds of all stands in test_assignments.py."""

import re

import numpy as np
import pytest

from bplib.authoring.rehearsal import Assignment, is_test, run
from bplib.course.questions import ps07 as ask


@pytest.fixture(scope="module")
def ps07(root):
    return Assignment(root / "assignments", "ps07")


def test_the_whole_network_in_the_corner_reads_digits_and_uses_no_line_of_bplib(ps07):
    corner = ps07.notebook.cells[-1]
    corner.source = corner.source.replace("# my_network()", "my_network()")
    used = re.findall(r"bp\.\w+", "".join(cell.source for cell in ps07.notebook.cells if not is_test(cell)))
    assert used == ["bp.digits"]
    said = run(ps07.notebook, tests=[])[corner.id].stdout
    assert float(re.search(r"new digits (\S+)", said)[1]) >= 0.95
    assert all(float(error) < 1e-6 for error in re.findall(r"\d\.\d+e-\d+", said))


def weighed_by_hand():
    """One sample, two inputs, two hidden neurons of which one is off, equal scores: all by pencil."""
    params = {"W1": np.array([[1.0, -1.0], [1.0, 0.0]]), "b1": np.array([-1.0, 0.0])}
    params |= {"W2": np.array([[1.0, 1.0], [4.0, 5.0]]), "b2": np.zeros(2)}
    return params, np.array([[1.0, 2.0]]), np.array([0])


def test_the_reference_network_is_right_where_it_can_be_worked_out_by_hand():
    params, x, t = weighed_by_hand()  # z = (2, −1), h = (2, 0), s = (2, 2), δ² = (−½, ½), δ¹ = (0, 0)
    assert ask._scores(params, x).tolist() == [[2.0, 2.0]]
    assert ask._loss(params, x, t) == pytest.approx(np.log(2))
    g = ask._gradient(params, x, t)
    assert g["b2"].tolist() == [-0.5, 0.5]
    assert g["W2"].tolist() == [[-1.0, 1.0], [0.0, 0.0]]
    assert not g["W1"].any()
    params["W2"][0, 1] = 0.0  # s = (2, 0), and the first neuron hears of it
    p = 1 / (1 + np.exp(-2))
    np.testing.assert_allclose(ask._gradient(params, x, t)["W1"], [[p - 1, 0], [2 * (p - 1), 0]])


@pytest.mark.parametrize("seed", range(4))
def test_the_reference_gradient_agrees_with_nudging(seed):
    network = ask._network(seed, 5, 4, 3, 2)
    wanted = ask._nudged(*network)
    for name, gradient in ask._gradient(*network).items():
        np.testing.assert_allclose(gradient, wanted[name], atol=1e-8)


def test_the_differences_of_the_valley_are_those_that_one_measures():
    valley, h = ask._Valley(0), 0.1
    moved = {name: array.copy() for name, array in valley.params.items()}
    loss = []
    for step in (h, -h, 0.0):
        moved["W2"][1, 2] = valley.params["W2"][1, 2] + step
        loss.append(valley.loss(moved, valley.x, valley.t))
    assert valley.nudged(h)["W2"][1, 2] == pytest.approx((loss[0] - loss[1]) / (2 * h))
    assert valley.nudged(h, 1)["W2"][1, 2] == pytest.approx((loss[0] - loss[2]) / h)


def test_doing_nothing_earns_nothing():
    for question in (ask.batches, ask.steps, ask.order_from_rng, ask.samples_stay):
        assert not any(finding.ok for finding in question.findings(lambda *_: None))
