"""The fast paths find what the passes find: for every gate, to the last digit."""

import numpy as np
import pytest

import bplib
from bplib import Node, apply, backward_pass, gates, tangent_pass
from bplib.graph.quick import push_forward
from tests.gates.catalogue import CASES, floats

each_case = pytest.mark.parametrize("case", CASES, ids=str)


def expect_one_answer(output, rng):
    """bplib.gradients and the steps of the backward pass agree on every input, at a random upstream."""
    upstream = floats([rng.normal(size=output.shape)])[0]
    steps = {step.node: step.upstream for step in backward_pass(output, upstream)}
    found = bplib.gradients(output, upstream)
    assert {node for node in found if node.kind == "input"} == {n for n in steps if n.kind == "input"}
    for node, gradient in found.items():
        assert (type(gradient), node.gate) == (type(steps[node]), None)
        np.testing.assert_array_equal(gradient, steps[node], strict=True)


@each_case
def test_one_gate(case, rng):
    expect_one_answer(apply(case.gate, *map(Node, case.xs)), rng)


@each_case
def test_a_gate_of_which_one_input_is_data(case, rng):
    for i, x in enumerate(case.xs[: case.learned]):
        expect_one_answer(apply(case.gate, *case.xs[:i], Node(x), *case.xs[i + 1 :]), rng)


@each_case
def test_a_gate_before_and_behind_forks(case, rng):
    """Its inputs have three users and its output has three; constants stand among them."""
    xs = [Node(x) for x in case.xs]
    out, again = apply(case.gate, *xs), apply(case.gate, *xs)
    total = ((out * 3.0 - 1.5 / (2.0 + out * out)) * again).sum()
    for x in xs[: case.learned]:
        total = total + 0.5 * (x * x).sum()
    expect_one_answer(total, rng)


class Blend(gates.Elementwise):
    """A gate of three numbers, which the fast path leaves to the general rule."""

    inputs, symbol = ("x", "y", "z"), "blend"

    def forward(self, x, y, z):
        return x * y + z

    def local(self, out, x, y, z):
        return y, x, 1.0


@pytest.mark.parametrize("shapes", [((), (), ()), ((2, 3), (3,), ()), ((), (2, 1), (3,))], ids=str)
def test_a_gate_of_three_inputs(shapes, rng):
    x, y, z = (Node(value) for value in floats([rng.normal(size=shape) for shape in shapes]))
    expect_one_answer(apply(Blend(), x, y, z) * apply(Blend(), y, x, y), rng)


def test_a_graph_of_numbers(rng):
    w0, x0, w1, x1, w2 = map(Node, rng.normal(size=5).tolist())
    neuron = 1.0 / (1.0 + bplib.exp(-(w0 * x0 + w1 * x1 + w2)))
    expect_one_answer(neuron * w0 + bplib.relu(neuron - 0.1) * bplib.maximum(w1, neuron), rng)


@each_case
def test_tangents_where_some_inputs_are_data_are_those_of_the_tangent_pass(case, rng):
    for kept in range(case.learned):
        xs = [Node(x) if i == kept else x for i, x in enumerate(case.xs)]
        output = apply(case.gate, *xs)
        moved = {xs[kept]: floats([rng.normal(size=xs[kept].shape)])[0]}
        *_, last = tangent_pass(output, moved)
        found = push_forward(output, moved)[output]
        assert np.shape(found) == np.shape(last.value)
        np.testing.assert_allclose(found, last.value, rtol=1e-14, atol=1e-14)


def test_what_data_alone_reaches_does_not_move():
    x, W = Node(np.ones((2, 3)), "x"), Node(np.ones((3, 2)), "W")
    from_data, out = x * 2.0, x * 2.0 @ W
    found = push_forward((from_data, out), {W: np.ones((3, 2))})
    assert from_data not in found and x not in found
    np.testing.assert_array_equal(found[out], np.full((2, 2), 6.0))
