"""The tape: the same numbers as the passes over the graph, without a node being made."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bplib
from bplib import Node, Tape, gates, gradients
from bplib.errors import GraphError, InputError
from bplib.graph.passes import forward_pass

numbers = st.floats(-2, 2).filter(lambda x: abs(x) > 1e-3)


def circuit(x, y, z):
    """Forks, a kink, a tie-breaking router, functions, constants on both sides."""
    q = x * y + bplib.exp(-z)
    return (q * q + bplib.maximum(x, q)) / (1.0 + bplib.sigmoid(z)) - 3 * bplib.relu(y) + 2 / (x * x + 1)


@given(numbers, numbers, numbers)
def test_a_tape_run_on_other_numbers_agrees_with_a_graph_built_from_them(x, y, z):
    inputs = [Node(0.5), Node(-1.5), Node(0.25)]
    tape = Tape(circuit(*inputs))
    for node, number in zip(inputs, (x, y, z), strict=True):
        node.value = number
    fresh = [Node(x), Node(y), Node(z)]
    output = circuit(*fresh)
    assert tape.forward() == output.value
    found, wanted = tape.backward(), gradients(output)
    assert [found[node] for node in inputs] == pytest.approx([wanted[node] for node in fresh], rel=1e-13)


def test_the_sigmoid_neuron_of_the_course_on_a_tape():
    w0, x0, w1, x1, w2 = inputs = [Node(v) for v in (2.0, -1.0, -3.0, -2.0, -3.0)]
    tape = Tape(1.0 / (1.0 + bplib.exp(-(w0 * x0 + w1 * x1 + w2))))
    assert round(tape.forward(), 6) == 0.731059
    assert [round(tape.backward()[node], 6) for node in inputs] == [
        -0.196612,
        0.393224,
        -0.393224,
        -0.589836,
        0.196612,
    ]


def test_a_tape_has_the_numbers_of_the_graph_before_its_first_forward_pass():
    x = Node(3.0)
    assert Tape(x * x).backward() == {x: 6.0}


def test_a_tape_asked_twice_answers_the_same():
    x, y = Node(3.0), Node(-2.0)
    tape = Tape(x * y + x)
    assert (tape.forward(), tape.backward()) == (tape.forward(), tape.backward()) == (-3.0, {x: -1.0, y: 3.0})


def test_the_nodes_of_the_graph_keep_their_values_until_forward_pass_renews_them():
    x = Node(3.0)
    square = x * x
    tape = Tape(square)
    x.value = 5.0
    assert (tape.forward(), square.value) == (25.0, 9.0)
    list(forward_pass(square))
    assert square.value == 25.0


def test_a_whole_number_given_to_an_input_becomes_a_float():
    x = Node(3.0)
    tape = Tape(x / 2)
    x.value = 7
    assert tape.forward() == 3.5


def test_a_long_chain_needs_no_recursion():
    x = Node(1.0)
    y = x
    for _ in range(50_000):
        y = y * 1.0001
    assert Tape(y).backward()[x] == pytest.approx(math.exp(50_000 * math.log(1.0001)), rel=1e-9)


@pytest.mark.parametrize(
    ("output", "why"),
    [
        (lambda: Node([1.0, 2.0], "v") * 2.0, "an array (2,)"),
        (lambda: Node([1.0, 2.0], "v").sum(), "made by Sum"),
    ],
    ids=["array", "sum"],
)
def test_a_graph_that_is_not_of_numbers_and_entrywise_gates_is_refused(output, why):
    with pytest.raises(GraphError, match="Tape: ") as error:
        Tape(output())
    assert why in str(error.value) and "take forward_pass and gradients" in str(error.value)


def test_your_own_rule_may_be_stateful_so_no_tape_takes_it():
    class Double:
        def forward(self, x):
            return 2 * x

        def backward(self, upstream):
            return 2 * upstream

    with pytest.raises(GraphError, match="made by Double"):
        Tape(bplib.apply(Double, Node(1.0)))


@pytest.mark.parametrize(
    ("value", "error"), [(math.nan, InputError), ("3", InputError), ([1.0, 2.0], GraphError)], ids=repr
)
def test_an_input_that_is_no_number_any_more_is_refused(value, error):
    x = Node(3.0, "x")
    tape = Tape(gates.square(x))
    x.value = value
    with pytest.raises(error, match="x"):
        tape.forward()


def test_a_gate_of_three_numbers_is_refused_and_none_is_left_out():
    class Fused(gates.Elementwise):
        inputs = ("x", "y", "z")

        def forward(self, x, y, z):
            return x * y + z

    with pytest.raises(GraphError, match="made by Fused"):
        Tape(bplib.apply(Fused(), Node(1.0), Node(2.0), Node(3.0)))


def test_a_backward_rule_of_its_own_counts_on_a_tape():
    class Loud(gates.Elementwise):
        def forward(self, x):
            return x

        def backward(self, upstream, out, x):
            return (7.0 * upstream,)

    x = Node(2.0)
    assert Tape(bplib.apply(Loud(), x) * x).backward() == {x: 7.0 * 2.0 + 2.0}
