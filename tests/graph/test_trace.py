"""A trace: names, look-ups, steps and the dictionary that pictures and widgets consume."""

import json
import math

import numpy as np
import pytest

import bplib
from bplib import Node, backward_pass, record
from bplib.errors import GraphError
from bplib.graph.trace import trace_of


def product_of_sum(x, y, z):
    q = x + y
    f = q * z
    return f


@pytest.fixture
def trace():
    return record(product_of_sum, x=-2, y=5, z=-4)


def test_values_and_gradients_are_looked_up_by_the_names_of_the_function(trace):
    assert dict(trace.value) == {"x": -2.0, "y": 5.0, "q": 3.0, "z": -4.0, "f": -12.0}
    assert dict(trace.gradient) == {"x": -4.0, "y": -4.0, "q": -4.0, "z": 3.0, "f": 1.0}
    assert trace.output == -12.0


def test_an_unknown_name_is_answered_with_the_names_there_are(trace):
    with pytest.raises(KeyError, match="no value named 'w' in this trace; it has x, y, z, q, f"):
        trace.value["w"]
    with pytest.raises(KeyError, match="no gradient named 'w' in this trace; it has f, q, z"):
        trace.gradient["w"]


def test_a_trace_cannot_be_written_into(trace):
    with pytest.raises(TypeError):
        trace.value["x"] = 1.0


def test_steps_come_forward_first_and_then_backward_in_reverse(trace):
    forward = [step.node.name for step in trace.steps if step.kind == "forward"]
    assert forward == ["x", "y", "z", "q", "f"]  # as the program made them
    assert [(s.kind, s.node.name) for s in trace.steps[5:]] == [
        ("backward", name) for name in reversed(forward)
    ]


def test_a_step_reads_as_a_sentence(trace):
    assert repr(trace.steps[4]) == "forward f: -12.0000"
    assert repr(trace.steps[5]) == "backward f: upstream 1.0000, downstream -4.0000, 3.0000"
    assert repr(trace.steps[-1]) == "backward x: upstream -4.0000"
    assert "array (2,)" in repr(record(lambda x: x * 2, x=[1, 2], upstream=[1, 1]).steps[0])


def test_the_dictionary_of_a_trace_is_complete(trace):
    made = trace.to_dict()
    assert (made["version"], made["output"]) == (1, 4)
    assert made["nodes"][0] == {
        "name": "x", "kind": "input", "gate": "", "symbol": "", "parameters": {}, "inputs": [], "shape": [],
        "value": -2.0, "gradient": -4.0, "local": None, "downstream": [],
    }  # fmt: skip
    assert made["nodes"][4] == {
        "name": "f", "kind": "gate", "gate": "Multiply", "symbol": "×", "parameters": {}, "inputs": [3, 2],
        "shape": [], "value": -12.0, "gradient": 1.0, "local": [-4.0, 3.0], "downstream": [-4.0, 3.0],
    }  # fmt: skip
    assert made["steps"] == [
        {"kind": "forward", "node": 3},
        {"kind": "forward", "node": 4},
        {"kind": "backward", "node": 4},
        {"kind": "backward", "node": 3},
    ]


def test_the_dictionary_is_plain_json_and_lists_arrays():
    trace = record(
        lambda x, b: (x * b) ** 3, x=np.ones((2, 3), np.float32), b=[1, 2, 3], upstream=np.ones((2, 3))
    )
    nodes = json.loads(json.dumps(trace.to_dict()))["nodes"]
    assert nodes[0]["shape"] == [2, 3] and nodes[0]["value"] == [[1.0] * 3] * 2
    assert nodes[1]["gradient"] == [6.0, 24.0, 54.0]
    assert nodes[-1]["parameters"] == {"exponent": 3.0}


def test_an_operand_that_is_used_twice_is_listed_twice():
    node = record(lambda x: x * x, x=3).to_dict()["nodes"][-1]
    assert (node["inputs"], node["downstream"]) == ([0, 0], [3.0, 3.0])


def test_without_a_backward_pass_there_is_no_gradient_which_differs_from_zero():
    trace = record(product_of_sum, backward=False, x=-2, y=5, z=0)
    assert dict(trace.gradient) == {}
    assert [node["gradient"] for node in trace.to_dict()["nodes"]] == [None] * 5
    assert trace.to_dict()["nodes"][4]["downstream"] == [None, None]
    assert record(product_of_sum, x=-2, y=5, z=0).gradient["x"] == 0.0


def test_an_infinite_local_derivative_is_told_without_a_warning():
    node = record(lambda x: bplib.log(x), x=0.0).to_dict()["nodes"][-1]
    assert (node["value"], node["local"]) == (-math.inf, [math.inf])


def test_a_half_finished_pass_makes_a_trace_too():
    x = Node(3.0, "x")
    out = x * x + 1
    steps = backward_pass(out)
    trace = trace_of(out, [next(steps), next(steps)])
    assert dict(trace.gradient) == {"v2": 1.0, "c1": 1.0}


# ------------------------------------------------------------------------------------- recording


def test_nodes_without_a_name_are_numbered_and_the_output_is_named_after_the_function():
    def loss(x):
        return (x * 2 + x * 3) ** 2

    assert list(record(loss, x=1).value) == ["x", "c1", "v1", "c2", "v2", "v3", "loss"]


def test_a_lambda_names_its_output_f():
    assert list(record(lambda x: x + x, x=1).value) == ["x", "f"]


def test_a_numbered_name_steps_aside_for_a_given_one():
    trace = record(lambda v1, c1: (v1 + 1) * c1 + 2, v1=3, c1=5)
    assert dict(trace.value) == {"v1": 3.0, "c2": 1.0, "v2": 4.0, "c1": 5.0, "v3": 20.0, "c3": 2.0, "f": 22.0}


def test_an_input_that_is_returned_at_once_keeps_its_name():
    trace = record(lambda x: x, x=3)
    assert (dict(trace.value), dict(trace.gradient)) == ({"x": 3.0}, {"x": 1.0})


def test_a_variable_that_is_bound_anew_names_its_last_value():
    def f(x):
        y = x * 2
        y = y * 3
        return y + 1

    assert dict(record(f, x=1).value) == {
        "x": 1.0,
        "c1": 2.0,
        "v1": 2.0,
        "c2": 3.0,
        "y": 6.0,
        "c3": 1.0,
        "f": 7.0,
    }


def test_an_argument_that_is_bound_anew_keeps_its_name_for_the_input():
    def f(x):
        x = x * 2
        return x + 1

    assert dict(record(f, x=5).value) == {"x": 5.0, "c1": 2.0, "v1": 10.0, "c2": 1.0, "f": 11.0}


def test_recording_inside_a_recorded_function_mixes_nothing_up():
    def f(x):
        inner = record(lambda x: x * x, x=3.0).gradient["x"]
        y = x * inner
        return y

    assert dict(record(f, x=2).value) == {"x": 2.0, "c1": 6.0, "y": 12.0}


@pytest.mark.parametrize(
    ("f", "kind"),
    [
        (lambda x: 3.0, "float"),
        (lambda x: None, "NoneType"),
        (lambda x: x.value * 2, "float"),
        (lambda x: (x, x), "tuple"),
    ],
    ids=["number", "nothing", "value", "tuple"],
)
def test_a_function_that_returns_no_node_is_told_so(f, kind):
    with pytest.raises(GraphError, match=f"f returned a {kind}, not a node: .*Return the result"):
        record(f, x=2.0)


@pytest.mark.parametrize(
    "names", [{"x": 1.0}, {"x": 1.0, "y": 2.0, "z": 3.0, "w": 4.0}], ids=["missing", "unknown"]
)
def test_names_that_are_not_the_functions_are_refused(names):
    with pytest.raises(TypeError, match=r"missing 2 required .*'y' and 'z'|unexpected keyword argument 'w'"):
        record(product_of_sum, **names)


def test_the_gate_that_made_a_nan_is_named_with_its_inputs():
    with pytest.raises(GraphError, match=r"Log.forward made a NaN from x = -1.0: is it defined there\?"):
        record(lambda x: bplib.log(x) * 0 + 3, x=-1.0)


def test_a_nan_that_arises_on_the_way_back_is_named():
    with pytest.raises(GraphError, match="the gradient of x is NaN although every value is a number"):
        record(lambda x: (x**0.5) * 0.0 + x, x=0.0)


def test_the_profile_function_of_the_caller_is_put_back():
    import sys

    def mine(*_):
        return None

    sys.setprofile(mine)
    try:
        with pytest.raises(GraphError):
            record(lambda x: 3.0, x=1.0)
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)


# -------------------------------------------------------------------------- the numbers of lesson 1


def test_the_shop_of_one_fruit():
    trace = record(lambda apple, count, tax: apple * count * tax, apple=100, count=2, tax=1.1)
    assert trace.output == pytest.approx(220)
    assert [trace.gradient[name] for name in ("apple", "count", "tax")] == pytest.approx([2.2, 110, 200])


def test_the_shop_of_two_fruits():
    def price(apple, apples, orange, oranges, tax):
        return (apple * apples + orange * oranges) * tax

    trace = record(price, apple=100, apples=2, orange=150, oranges=3, tax=1.1)
    assert trace.output == pytest.approx(715)
    wanted = {"apples": 110, "apple": 2.2, "orange": 3.3, "oranges": 165, "tax": 650}
    assert {name: trace.gradient[name] for name in wanted} == pytest.approx(wanted)


def test_z_is_the_square_of_a_sum():
    def z(x, y):
        t = x + y
        return t**2

    trace = record(z, x=3, y=4)
    assert (trace.gradient["z"], trace.gradient["t"], trace.gradient["x"], trace.gradient["y"]) == (
        1,
        14,
        14,
        14,
    )


# ---------------------------------------------------------------- the scalar graphs of lesson 2


def test_the_circuit_of_product_and_maximum():
    def circuit(x, y, z, w):
        product = x * y
        largest = bplib.maximum(z, w)
        total = product + largest
        return total * 2

    trace = record(circuit, x=3, y=-4, z=2, w=-1)
    assert [trace.value[n] for n in ("product", "largest", "total", "circuit")] == [-12, 2, -10, -20]
    assert [trace.gradient[n] for n in "xyzw"] == [-8, 6, 2, 0]


def test_the_staged_function_of_cs231n():
    def f(x, y):
        return (x + bplib.sigmoid(y)) / (bplib.sigmoid(x) + (x + y) ** 2)

    trace = record(f, x=3, y=-4)
    got = trace.output, trace.gradient["x"], trace.gradient["y"]
    assert got == pytest.approx((1.545645, 2.059570, 1.592233), abs=5e-7)


def test_the_sigmoid_neuron_in_eight_gates_and_in_one():
    def eight(w0, x0, w1, x1, w2):
        a = w0 * x0
        b = w1 * x1
        c = a + b
        s = c + w2
        n = -s
        e = np.exp(n)
        d = e + 1
        return 1 / d

    def one(w0, x0, w1, x1, w2):
        return bplib.sigmoid(w0 * x0 + w1 * x1 + w2)

    inputs = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
    trace = record(eight, **inputs)
    values = [trace.value[name] for name in ("a", "b", "c", "s", "n", "e", "d", "eight")]
    assert values == pytest.approx([-2, 6, 4, 1, -1, 0.367879, 1.367879, 0.731059], abs=5e-7)
    back = [trace.gradient[name] for name in ("eight", "d", "e", "n", "s")]
    assert back == pytest.approx([1, -0.534447, -0.534447, -0.196612, 0.196612], abs=5e-7)
    for way in (trace, record(one, **inputs)):
        gradients = [way.gradient[name] for name in inputs]
        assert gradients == pytest.approx([-0.196612, 0.393224, -0.393224, -0.589836, 0.196612], abs=5e-7)
    y = trace.output
    assert trace.gradient["s"] == pytest.approx(y**2 * math.exp(-1), rel=1e-12) == pytest.approx(y * (1 - y))


def test_the_tanh_neuron():
    def out(x1, w1, x2, w2, b):
        return bplib.tanh(x1 * w1 + x2 * w2 + b)

    trace = record(out, x1=2, w1=-3, x2=0, w2=1, b=6.8813735870195432)
    assert trace.output == pytest.approx(math.sqrt(0.5), rel=1e-9)
    assert [trace.gradient[n] for n in ("x1", "w1", "x2", "w2")] == pytest.approx([-1.5, 1.0, 0.5, 0.0])


def test_sigmoid_in_four_stages_has_the_slope_of_sigmoid():
    staged = bplib.grad(lambda x: 1 / (1 + bplib.exp(-x)))
    whole = bplib.grad(bplib.sigmoid)
    for x in (-3.0, 0.0, 0.7):
        assert staged(x) == pytest.approx(whole(x), rel=1e-12)
