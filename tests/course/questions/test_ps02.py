"""Assignment 2: what holds of it alone; what holds of all stands in test_assignments.py."""

import numpy as np
import pytest

from bplib.authoring.rehearsal import Assignment
from bplib.course.questions import ps02 as ask


@pytest.fixture(scope="module")
def ps02(root):
    return Assignment(root / "assignments", "ps02")


def test_the_numbers_that_task_2_promises_are_those_of_cs231n():
    report = ask.staged(lambda x, y: (1.5456448841066441, 2.0595697955721652, 1.5922327514838093))
    assert report.ok, str(report)


def test_the_first_classifier_is_the_one_of_the_course():
    dW = np.array([[-0.96, 0.9, 0.02], [-1.94, 2.08, -0.04]])
    report = ask.classifier(lambda x, W, right, strength: (0.559, np.array([-1.0, 1.0, 0.0]), dW))
    assert report.ok, str(report)


def test_the_first_neuron_is_the_one_of_the_course_with_twice_its_signal():
    o = 0.7071067811865476
    report = ask.neuron(lambda x, w, bias, upstream: (o, [-3.0, 1.0], [2.0, 0.0], 1.0))
    assert report.ok, str(report)


@pytest.mark.parametrize("seed", range(25))
def test_no_margin_of_a_sample_is_near_its_edge_and_one_class_is_outside(seed):
    x, W, right, _ = ask._sample(seed)
    margins = x @ W - (x @ W)[right] + 1
    assert np.abs(margins).min() > 0.5
    assert margins[right] == pytest.approx(1) and right > 0
    assert (margins > 0).sum() == 4  # the right class and three wrong ones


@pytest.mark.parametrize("seed", range(25))
def test_values_of_a_rule_are_apart_from_each_other_and_from_1(seed):
    numbers = np.array([*ask._numbers(seed, 3), 1.0])
    apart = np.abs(numbers[:, None] - numbers)[np.triu_indices(4, 1)]
    assert apart.min() > 0.15
