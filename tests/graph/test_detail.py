"""A trace in full detail: copies, repeats and opened gates, with the numbers of the folded trace."""

import math

import numpy as np
import pytest

import bplib
from bplib import gates, record
from bplib.draw import describe, mimebundle, svg
from bplib.errors import InputError
from bplib.graph.detail import in_detail
from tests.draw.hand_drawn import BRANCH_IN_DETAIL
from tests.gates.catalogue import CASES


def branch(a, b):
    c = a + b
    d = b + 1
    e = c * d
    return e


def neuron(w0, x0, w1, x1, w2):
    y = bplib.sigmoid(w0 * x0 + w1 * x1 + w2)
    return y


NEURON = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


def staged(x, y):
    num = x + bplib.sigmoid(y)
    den = bplib.sigmoid(x) + (x + y) ** 2
    return num / den


def batch(x, W, b):
    y = bplib.affine(x, W, b)
    return (y * y).sum()


BATCH = {"x": np.ones((2, 3)), "W": np.arange(12.0).reshape(3, 4), "b": np.array([1.0, -2.0, 3.0, 0.5])}


def gates_of(trace):
    return [node.gate.symbol for node in trace.names if node.gate]


def node_of(trace, name):
    return next(node for node in trace.to_dict()["nodes"] if node["name"] == name)


def sent_to(trace, name):
    """What every user of a node sends back to it, in the order in which the gates were made."""
    nodes = trace.to_dict()["nodes"]
    i = [node["name"] for node in nodes].index(name)
    return [
        sent for node in nodes for j, sent in zip(node["inputs"], node["downstream"], strict=True) if j == i
    ]


# ------------------------------------------------------------------------------------------ copies


def test_a_value_with_two_users_goes_through_a_copy_gate():
    trace = in_detail(record(branch, a=2, b=1))
    assert gates_of(trace) == ["copy", "+", "+", "×"]
    assert sent_to(trace, "copy of b") == [2.0, 3.0]  # every branch has its own gradient
    assert sent_to(trace, "b") == [5.0]  # in front of the copy gate stands the sum
    assert trace.gradient["b"] == 5.0


def test_the_square_of_x_uses_x_twice():
    trace = in_detail(record(lambda x: x * x, x=3))
    assert gates_of(trace) == ["copy", "×"]
    assert sent_to(trace, "copy of x") == [3.0, 3.0]
    assert trace.gradient["x"] == 6.0


def test_the_picture_adds_as_the_copy_gate_of_the_table_does(rng):
    x, m = rng.normal(size=(2, 3)), rng.normal(size=3)
    trace = in_detail(record(lambda x, m: (x * m + bplib.exp(m) - m).sum(), x=x, m=m))
    branches = np.array(sent_to(trace, "copy of m"))
    (added,) = gates.Copy(3).backward(branches, gates.Copy(3)(m), m)
    np.testing.assert_allclose(trace.gradient["m"], added, rtol=1e-15)


def test_a_plain_number_is_not_copied_for_it_has_no_line():
    def f(x):
        two = bplib.Node(2.0, "")
        return (x * two + two) ** 2

    assert gates_of(in_detail(record(f, x=3))) == ["×", "+", "x²"]


def test_where_nothing_is_folded_nothing_is_added():
    trace = record(lambda x, y: x * y, x=2, y=3)
    assert in_detail(trace).to_dict() == trace.to_dict()


# ----------------------------------------------------------------------------------------- repeats


def test_a_bias_goes_through_a_repeat_gate_and_its_gradient_is_the_sum_over_the_rows():
    trace = in_detail(
        record(lambda x, b: x + b, x=np.zeros((2, 3)), b=np.zeros(3), upstream=[[1, 2, 3], [4, 5, 6]])
    )
    assert gates_of(trace) == ["repeat", "+"]
    assert node_of(trace, "v1")["gradient"] == [[1, 2, 3], [4, 5, 6]]
    assert sent_to(trace, "b") == [[5, 7, 9]]
    assert trace.gradient["b"].tolist() == [5, 7, 9]


def test_a_number_beside_an_array_is_repeated_unless_it_is_written_in_the_gate():
    def f(x, s):
        return (2 * x * s).sum()

    trace = in_detail(record(f, x=[1.0, 2.0, 3.0], s=10.0))
    assert gates_of(trace) == ["×", "repeat", "×", "Σ"]
    assert trace.gradient["s"] == 12.0 and type(trace.gradient["s"]) is float


def test_a_value_that_is_broadcast_in_two_places_is_copied_first_and_then_repeated():
    trace = in_detail(record(lambda x, b: ((x + b) * b).sum(), x=np.ones((2, 3)), b=[1.0, 2.0, 3.0]))
    assert gates_of(trace) == ["copy", "repeat", "+", "repeat", "×", "Σ"]
    assert sent_to(trace, "copy of b") == [[2.0, 4.0, 6.0], [4.0, 6.0, 8.0]]
    assert trace.gradient["b"].tolist() == [6.0, 10.0, 14.0]


def test_copies_and_repeats_are_drawn_as_wished():
    folded = record(lambda x, b: ((x + b) * b).sum(), x=np.ones((2, 3)), b=[1.0, 2.0, 3.0])
    assert gates_of(in_detail(folded, copies=False)) == ["repeat", "+", "repeat", "×", "Σ"]
    assert gates_of(in_detail(folded, repeats=False)) == ["copy", "+", "×", "Σ"]
    assert in_detail(folded, copies=False, repeats=False).to_dict() == folded.to_dict()


# ------------------------------------------------------------------------------------ opened gates


def test_the_sigmoid_neuron_opened_has_the_numbers_of_the_course():
    trace = in_detail(record(neuron, **NEURON), opened="Sigmoid")
    assert gates_of(trace) == ["×", "×", "+", "+", "neg", "exp", "+", "1/x"]
    values = [node.value for node in trace.names if node.gate]
    assert values == pytest.approx([-2, 6, 4, 1, -1, 0.367879, 1.367879, 0.731059], abs=5e-7)
    back = [step.upstream for step in trace.steps if step.kind == "backward" and step.node.gate]
    assert back[:5] == pytest.approx([1, -0.534447, -0.534447, -0.196612, 0.196612], abs=5e-7)
    gradients = [trace.gradient[name] for name in NEURON]
    assert gradients == pytest.approx([-0.196612, 0.393224, -0.393224, -0.589836, 0.196612], abs=5e-7)


def test_the_bias_of_an_opened_affine_layer_is_a_repeat_gate():
    trace = in_detail(record(batch, **BATCH), opened="Affine", copies=False)
    assert gates_of(trace) == ["@", "repeat", "+", "×", "Σ"]
    assert sent_to(trace, "b") == [(2 * trace.value["y"]).sum(axis=0).tolist()]


COMPOSITES = [case for case in CASES if hasattr(case.gate, "opened")]


@pytest.mark.parametrize("case", COMPOSITES, ids=str)
def test_opened_or_closed_the_numbers_outside_are_the_same(case, rng):
    """At every point of the catalogue, with a random upstream."""
    xs = dict(zip(case.gate.inputs, case.xs, strict=True))
    upstream = rng.normal(size=np.shape(case.gate(*case.xs)))
    closed = record(lambda **named: bplib.apply(case.gate, *named.values()), upstream=upstream, **xs)
    opened = in_detail(closed, opened=True)
    assert not [node for node in opened.names if hasattr(node.gate, "opened")]
    for name in closed.value:
        np.testing.assert_allclose(opened.value[name], closed.value[name], rtol=1e-12)
    for name in closed.gradient:
        scale = np.max(np.abs(closed.gradient[name]))
        np.testing.assert_allclose(
            opened.gradient[name], closed.gradient[name], rtol=1e-12, atol=1e-12 * scale
        )


def test_every_gate_that_should_open_does():
    assert {case.gate.name for case in COMPOSITES} == {
        "Sigmoid", "Tanh", "Relu", "Softplus", "Mean", "Var", "Std", "SquaredNorm", "Norm", "LogSumExp",
        "Affine", "Softmax", "LogSoftmax", "SoftmaxWithLoss", "L2",
    }  # fmt: skip


def test_relu_keeps_its_derivative_at_the_kink_when_it_is_opened():
    assert in_detail(record(lambda x: bplib.relu(x), x=0.0), opened="Relu").gradient["x"] == 0.0


def test_what_an_opened_gate_is_made_of_may_be_opened_too():
    folded = record(lambda z, t: bplib.softmax_with_loss(z, t), z=[[0.3, 2.9, 4.0], [1, 2, 3]], t=[1, 2])
    assert gates_of(in_detail(folded, opened="SoftmaxWithLoss")) == ["softmax", "−Σ t log y"]
    all_of_it = ["exp", "copy", "Σ", "repeat", "÷", "−Σ t log y"]
    assert gates_of(in_detail(folded, opened=("SoftmaxWithLoss", "Softmax"))) == all_of_it
    assert gates_of(in_detail(folded, opened=True)) == all_of_it


def test_only_the_named_gates_are_opened_and_a_gate_may_stand_for_its_name():
    folded = record(lambda x: bplib.tanh(bplib.sigmoid(x)), x=0.3)
    assert gates_of(in_detail(folded)) == ["σ", "tanh"]
    assert gates_of(in_detail(folded, opened=bplib.sigmoid)) == ["neg", "exp", "+", "1/x", "tanh"]


def test_the_stages_of_a_sigmoid_overflow_where_the_closed_gate_does_not():
    folded = record(lambda x: bplib.sigmoid(x), x=-1000.0)
    assert folded.gradient["x"] == 0.0
    assert math.isnan(in_detail(folded, opened=True).gradient["x"])


@pytest.mark.parametrize("wrong", ["Exp", ("Sigmoid", "Exp"), bplib.exp], ids=["name", "names", "gate"])
def test_a_gate_that_cannot_be_opened_is_answered_with_those_that_can(wrong):
    folded = record(lambda x: bplib.exp(bplib.tanh(bplib.sigmoid(x))), x=0.3)
    with pytest.raises(
        InputError, match=r"cannot open Exp; the gates here that can be opened: Sigmoid, Tanh$"
    ):
        in_detail(folded, opened=wrong)


def test_a_students_gate_with_a_known_name_stays_closed():
    class Sigmoid:
        def forward(self, x):
            return 1 / (1 + math.exp(-x))

        def backward(self, upstream, out, x):
            return (upstream * out * (1 - out),)

    folded = record(lambda x: bplib.sigmoid(bplib.apply(Sigmoid(), x)), x=0.3)
    assert gates_of(in_detail(folded, opened="Sigmoid")) == ["Sigmoid", "neg", "exp", "+", "1/x"]


# --------------------------------------------------------------------------- the trace as a whole


FOLDED = {
    "branch": record(branch, a=2, b=1),
    "neuron": record(neuron, **NEURON),
    "staged": record(staged, x=3, y=-4),
    "batch": record(batch, **BATCH),
}


@pytest.mark.parametrize("example", FOLDED)
def test_what_the_folded_trace_names_keeps_its_name_value_and_gradient(example):
    folded, detailed = FOLDED[example], in_detail(FOLDED[example], opened=True)
    assert len(detailed.names) > len(folded.names)
    assert detailed.names.keys().isdisjoint(folded.names)
    for name, value in folded.value.items():
        np.testing.assert_allclose(detailed.value[name], value, rtol=1e-12)
    for name, gradient in folded.gradient.items():
        np.testing.assert_allclose(detailed.gradient[name], gradient, rtol=1e-12)


def test_the_folded_trace_stays_as_it_is():
    trace = record(staged, x=3, y=-4)
    before = trace.to_dict()
    in_detail(trace, opened=True)
    assert trace.to_dict() == before


def test_detail_shows_the_traced_values_even_when_the_graph_has_moved_on():
    x = bplib.Node(3.0, "x")
    trace = bplib.graph.trace.trace_of(x * x)
    x.value = 5.0
    assert in_detail(trace).value["v1"] == 9.0


def test_every_gate_of_the_detailed_trace_has_its_own_steps():
    trace = in_detail(record(neuron, **NEURON), opened=True).to_dict()
    names = [trace["nodes"][step["node"]]["symbol"] for step in trace["steps"]]
    forward = ["×", "×", "+", "+", "neg", "exp", "+", "1/x"]
    assert names == forward + forward[::-1]


def test_without_a_backward_pass_the_detail_has_no_gradient_either():
    trace = in_detail(record(branch, backward=False, a=2, b=1))
    assert dict(trace.gradient) == {}
    assert gates_of(trace) == ["copy", "+", "+", "×"]


def test_a_trace_that_is_in_detail_already_stays_so():
    once = in_detail(record(batch, **BATCH), opened="Affine")
    assert in_detail(once).to_dict() == once.to_dict()


def test_a_single_precision_trace_stays_in_single_precision():
    single = {name: value.astype(np.float32) for name, value in BATCH.items()}
    trace = in_detail(record(batch, **single), opened=True)
    assert {value.dtype for value in trace.value.values()} == {np.dtype(np.float32)}


def test_the_picture_is_the_one_drawn_by_hand():
    assert svg(in_detail(record(branch, a=2, b=1))) == svg(BRANCH_IN_DETAIL)


def test_the_detailed_trace_shows_itself_in_a_notebook():
    trace = in_detail(record(branch, a=2, b=1))
    assert set(mimebundle(trace)) == set(trace._repr_mimebundle_())
    assert describe(trace) == repr(trace)
    assert "copy of b  copy of b" in repr(trace)


def test_a_detailed_graph_that_is_too_large_to_read_says_so():
    def deep(x):
        for _ in range(60):
            x = bplib.sigmoid(x)
        return x

    trace = in_detail(record(deep, x=0.5), opened=True)
    assert repr(trace).startswith("A graph of 301 nodes: a picture or table has room for 200.")
