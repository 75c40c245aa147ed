"""Right and wrong answers to the self-checks of lesson 2; the rules they obey stand in test_questions.py."""

import math

import numpy as np
import pytest

import bplib as bp
from bplib.course.questions import gate_patterns


def by_gates(a, b):
    c, d = a + b, b + 1
    dc, dd = 1.0 * d, 1.0 * c
    return dc, dc + dd


def by_accumulating(a, b):
    gradient = {"a": 0.0, "b": 0.0}
    gradient["b"] += a + b
    gradient["a"] += b + 1
    gradient["b"] += b + 1
    return [gradient["a"], gradient["b"]]


def sweep_of(add, first=1.0, turn=reversed, asked=lambda gradient: gradient):
    """A sweep as a student writes it, right or with a slip."""

    def sweep(order):
        gradient = {order[-1]: first}
        for node in turn(order):
            if node.gate is None:
                continue
            values = [parent.value for parent in node.parents]
            upstream = asked(gradient.get(node, 0.0))
            for parent, signal in zip(
                node.parents, node.gate.backward(upstream, node.value, *values), strict=True
            ):
                gradient[parent] = add(gradient, parent, signal)
        return gradient

    return sweep


def plus(gradient, parent, signal):
    return gradient.get(parent, 0.0) + signal


def recursive(order):
    gradient = dict.fromkeys(order, 0.0)

    def visit(node, signal):
        gradient[node] += signal
        if node.gate:
            values = [parent.value for parent in node.parents]
            for parent, sent in zip(
                node.parents, node.gate.backward(signal, node.value, *values), strict=True
            ):
                visit(parent, sent)

    visit(order[-1], 1.0)
    return gradient


OLD = {}


def into_the_last_one(order):
    """The gradients of an earlier sweep through the same nodes are still there."""
    for _ in range(2):
        for node, slope in sweep_of(plus)(order).items():
            OLD[node] = OLD.get(node, 0.0) + slope
    return OLD


PATTERNS = [(2, 2), (15, 10), 6, (0, 9)]
e = math.exp(-1)
arrives = -((1 + e) ** -2)
slope = 1 - np.tanh(0.88137) ** 2


def patterns(i, answer):
    """The right answers to four_patterns, but for this one."""
    return (*PATTERNS[:i], answer, *PATTERNS[i + 1 :])


# question, a right answer in one or more styles
RIGHT = [
    (gate_patterns.sweep, (sweep_of(plus),)),
    (gate_patterns.sweep, (recursive,)),
    (gate_patterns.used_twice, (8,)),
    (gate_patterns.used_twice, (np.float64(8.0),)),
    (gate_patterns.four_patterns, PATTERNS),
    (gate_patterns.four_patterns, ([2.0, 2], np.array([15, 10]), np.float32(6), (0.0, 9.0))),
    (gate_patterns.circuit, (-8, 6, 2, 0)),
    (gate_patterns.circuit, (2 * -4, 2 * 3.0, np.float64(2), 0.0)),
    (gate_patterns.fork, (by_gates,)),
    (gate_patterns.fork, (by_accumulating,)),
    (gate_patterns.fork, (lambda a, b: (b + 1, a + 2 * b + 1),)),
    (gate_patterns.fork, (bp.grad(lambda a, b: (a + b) * (b + 1)),)),
    (gate_patterns.two_stages, (-0.1966, 0.1966)),
    (gate_patterns.two_stages, (-0.2, 0.2)),
    (gate_patterns.two_stages, (-0.53 * 0.37, 0.53 * 0.37)),
    (gate_patterns.two_stages, (arrives * e, -arrives * e)),
    (gate_patterns.tanh_neuron, (-1.5, 1, 0.5, 0)),
    (gate_patterns.tanh_neuron, (slope * -3, slope * 2, slope, slope * 0.0)),
    (gate_patterns.classifier, ([1, -2, 1], -2.1)),
    (gate_patterns.classifier, (np.array([1.0, -2.0, 1.0]), 1 * -2 + 2 * 0.1 * -0.5)),
]

# question, a wrong answer, the name of the mistake
WRONG = [
    (gate_patterns.sweep, (sweep_of(lambda gradient, parent, signal: signal),), "overwritten at a fork"),
    (gate_patterns.sweep, (sweep_of(lambda g, parent, signal: g.get(parent, signal)),), "one branch missing"),
    (gate_patterns.sweep, (sweep_of(plus, asked=lambda gradient: 1.0),), "upstream ignored"),
    (gate_patterns.sweep, (sweep_of(plus, turn=iter),), "no signal"),
    (gate_patterns.sweep, (sweep_of(plus, first=0.0),), "no signal"),
    (gate_patterns.sweep, (into_the_last_one,), "counted twice"),
    (gate_patterns.sweep, (lambda order: {order[-1]: 1.0},), "node not reached"),
    (gate_patterns.classifier, ((1, -1, 0), -2.1), "pattern of another class"),
    (gate_patterns.classifier, ((1.5, 1, 0.4), -2.1), "margins for slopes"),
    (gate_patterns.used_twice, (5,), "one branch missing"),
    (gate_patterns.used_twice, (3,), "one branch missing"),
    (gate_patterns.used_twice, (15,), "multiplied"),
    (gate_patterns.used_twice, (4,), "averaged"),
    (gate_patterns.four_patterns, patterns(0, (1, 1)), "upstream ignored"),
    (gate_patterns.four_patterns, patterns(0, (5, 6)), "upstream added"),
    (gate_patterns.four_patterns, patterns(0, (3, 4)), "values for gradients"),
    (gate_patterns.four_patterns, patterns(0, 2), "one signal for two inputs"),
    (gate_patterns.four_patterns, patterns(1, (10, 15)), "inputs swapped"),
    (gate_patterns.four_patterns, patterns(1, (3, 2)), "upstream ignored"),
    (gate_patterns.four_patterns, patterns(1, (5, 5)), "sent to both"),
    (gate_patterns.four_patterns, patterns(2, (4, 2)), "branches kept apart"),
    (gate_patterns.four_patterns, patterns(2, 4), "one branch missing"),
    (gate_patterns.four_patterns, patterns(2, 2), "one branch missing"),
    (gate_patterns.four_patterns, patterns(2, 8), "multiplied"),
    (gate_patterns.four_patterns, patterns(2, 3), "averaged"),
    (gate_patterns.four_patterns, patterns(2, (6, 6)), "handed out again"),
    (gate_patterns.four_patterns, patterns(3, (9, 9)), "sent to both"),
    (gate_patterns.four_patterns, patterns(3, (4.5, 4.5)), "averaged"),
    (gate_patterns.four_patterns, patterns(3, (9, 0)), "router turned round"),
    (gate_patterns.four_patterns, patterns(3, (0, 1)), "upstream ignored"),
    (gate_patterns.four_patterns, patterns(3, (0, 5)), "values for gradients"),
    (gate_patterns.circuit, (-4, 6, 2, 0), "upstream ignored"),
    (gate_patterns.circuit, (6, -8, 2, 0), "inputs swapped"),
    (gate_patterns.circuit, (8, 6, 2, 0), "sign"),
    (gate_patterns.circuit, (-8, 3, 2, 0), "upstream ignored"),
    (gate_patterns.circuit, (-8, -6, 2, 0), "sign"),
    (gate_patterns.circuit, (-8, 6, 1, 0), "upstream ignored"),
    (gate_patterns.circuit, (-8, 6, 0, 2), "router turned round"),
    (gate_patterns.circuit, (-8, 6, 4, 0), "value for derivative"),
    (gate_patterns.circuit, (-8, 6, 2, 2), "sent to both"),
    (gate_patterns.circuit, (-8, 6, 2, 1), "sent to both"),
    (gate_patterns.circuit, (-8, 6, 2, -2), "value for derivative"),
    (gate_patterns.fork, (lambda a, b: (b + 1, b + 1),), "one branch missing"),
    (gate_patterns.fork, (lambda a, b: (b + 1, a + b),), "one branch missing"),
    (gate_patterns.fork, (lambda a, b: (a + b, a + 2 * b + 1),), "inputs swapped"),
    (gate_patterns.fork, (lambda a, b: (1, 2),), "upstream ignored"),
    (gate_patterns.fork, (lambda a, b: (b + 1, (a + b) * (b + 1)),), "multiplied"),
    (gate_patterns.fork, (lambda a, b: (b + 1, (a + 2 * b + 1) / 2),), "averaged"),
    (gate_patterns.fork, (lambda a, b: ((a + b) * (b + 1), a + 2 * b + 1),), "value for derivative"),
    (gate_patterns.two_stages, (arrives * math.e, -arrives * math.e), "taken at the wrong x"),
    (gate_patterns.two_stages, (0.37, -1), "upstream ignored"),
    (gate_patterns.two_stages, (-0.2, -0.37), "upstream ignored"),
    (gate_patterns.two_stages, (-0.2, 1.44), "taken at the wrong x"),
    (gate_patterns.two_stages, (-0.53, 0.53), "local derivative left out"),
    (gate_patterns.two_stages, (-0.2, -0.53), "local derivative left out"),
    (gate_patterns.two_stages, (0.53, 0.2), "input for derivative"),
    (gate_patterns.two_stages, (0.2, -0.2), "sign"),
    (gate_patterns.tanh_neuron, (1, -1.5, 0, 0.5), "inputs swapped"),
    (gate_patterns.tanh_neuron, (-3, 2, 1, 0), "tanh left out"),
    (gate_patterns.tanh_neuron, (-3 * 0.2232, 2 * 0.2232, 0.2232, 0), "taken at n"),
    (gate_patterns.tanh_neuron, (-3 * 0.2071, 2 * 0.2071, 0.2071, 0), "another slope"),
    (gate_patterns.tanh_neuron, (-3 * 0.2929, 2 * 0.2929, 0.2929, 0), "square forgotten"),
    (gate_patterns.tanh_neuron, (-3 * 0.7071, 2 * 0.7071, 0.7071, 0), "value for derivative"),
    (gate_patterns.tanh_neuron, (0.5, 0.5, 0.5, 0), "other factor forgotten"),
    (gate_patterns.classifier, ([-1, 2, -1], -2.1), "sign"),
    (gate_patterns.classifier, ([1, -1, 1], -2.1), "one branch missing"),
    (gate_patterns.classifier, ([1, 0, 1], -2.1), "right class forgotten"),
    (gate_patterns.classifier, ([1.5, -1.9, 0.4], -2.1), "margins for slopes"),
    (gate_patterns.classifier, ([0.8, 0.3, -0.3], -2.1), "scores for gradients"),
    (gate_patterns.classifier, ([-1, 1, 0], -2.1), "another right class"),
    (gate_patterns.classifier, ([1, -2, 1], -2), "regulariser forgotten"),
    (gate_patterns.classifier, ([1, -2, 1], -0.1), "overwritten at a fork"),
    (gate_patterns.classifier, ([1, -2, 1], -2.05), "factor 2"),
    (gate_patterns.classifier, ([1, -2, 1], -1.9), "sign"),
    (gate_patterns.classifier, ([1, -2, 1], -3.92), "another weight"),
    (gate_patterns.classifier, ([1, -2, 1], -4), "another weight"),
]


@pytest.mark.parametrize("answer", [5.0, (1.0, 2.0, 3.0), None], ids=["one number", "three", "nothing"])
def test_a_way_back_that_is_no_pair_is_told_so(answer):
    assert "two numbers, da and db" in str(gate_patterns.fork(lambda a, b: answer))
