"""The graph: order, passes, forks, doors, messages, memory; and random graphs against autograd."""

import gc
import math
import operator

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bplib
from bplib import Node, apply, backward_pass, forward_pass, gates, record, tangent_pass, topological_order
from bplib.errors import GraphError, InputError, ShapeError
from bplib.graph.trace import trace_of


def gradients(output, upstream=None):
    """Those of the steps; for the inputs, bplib.gradients must find the same."""
    found = {step.node: step.upstream for step in backward_pass(output, upstream)}
    without_steps = bplib.gradients(output, upstream)
    for node, gradient in without_steps.items():
        assert node.gate is None
        np.testing.assert_allclose(gradient, found[node], rtol=1e-14, atol=1e-300)
    data = {node for node in found if node.kind == "constant"}
    assert without_steps.keys() >= {node for node in found if node.gate is None} - data
    return found


def test_the_gradient_of_data_is_not_computed(rng):
    W, b, data = Node(rng.normal(size=(3, 2))), Node(rng.normal(size=2)), rng.normal(size=(4, 3))
    out = gates.affine(data, W, b)
    upstream = rng.normal(size=(4, 2))
    assert bplib.gradients(out, upstream).keys() == {W, b}
    np.testing.assert_allclose(bplib.gradients(out, upstream)[W], data.T @ upstream, rtol=1e-13)
    assert [step.downstream[0].shape for step in backward_pass(out, upstream) if step.node is out] == [(4, 3)]


# ------------------------------------------------------------------------------------------- forks


def test_x_times_x_keeps_both_edges():
    x = Node(3.0)
    square = x * x
    assert square.parents == (x, x)
    assert gradients(square)[x] == 6.0


def test_a_plus_a_is_two_not_one():
    a = Node(3.0)
    assert gradients(a + a)[a] == 2.0


def test_the_branch_of_the_course():
    trace = record(lambda a, b: (a + b) * (b + 1), a=2, b=1)
    assert (trace.output, trace.gradient["a"], trace.gradient["b"]) == (6.0, 2.0, 5.0)


def test_a_diamond_with_sides_of_unequal_depth_waits_for_the_longer_side():
    x = Node(2.0)
    long = bplib.exp(bplib.square(bplib.negate(x)))  # exp(x²), slope 2x·exp(x²)
    out = long * x + x
    order = topological_order(out)
    assert gradients(out)[x] == pytest.approx(2 * 2 * math.exp(4) * 2 + math.exp(4) + 1, rel=1e-14)
    assert [step.node for step in backward_pass(out)] == order[::-1]


def test_an_array_that_is_used_in_three_places_gets_the_sum_of_three_gradients(rng):
    x = Node(rng.normal(size=(2, 3)), "x")
    b = Node(rng.normal(size=3), "b")
    upstream = rng.normal(size=(2, 3))
    got = gradients(x * b + b - b * 4.0, upstream)
    np.testing.assert_allclose(got[x], upstream * b.value, rtol=1e-14)
    np.testing.assert_allclose(got[b], (upstream * x.value + upstream - 4 * upstream).sum(axis=0), rtol=1e-13)


# ------------------------------------------------------------------------------------------- order


def test_each_node_comes_once_and_after_its_parents():
    x, y = Node(1.0), Node(2.0)
    out = (x + y) * (x + y) - x * (y + x)
    order = topological_order(out)
    assert len(order) == len(set(order)) == 2 + 6 and order[-1] is out
    place = {node: i for i, node in enumerate(order)}
    assert all(place[parent] < place[node] for node in order for parent in node.parents)


def chain(x, depth):
    for _ in range(depth):
        x = x * 1.0001
    return x


@pytest.mark.parametrize("depth", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_chain_of_any_depth_has_its_gradient(depth):
    x = Node(1.0)
    assert gradients(chain(x, depth))[x] == pytest.approx(1.0001**depth, rel=1e-9)


def test_a_long_chain_is_replayed_and_pushes_tangents():
    x = Node(1.0)
    out = chain(x, 5_000)
    x.value = 2.0
    *_, last = forward_pass(out)
    assert last.value == pytest.approx(2 * 1.0001**5_000, rel=1e-9)
    *_, last = tangent_pass(out, {x: 1.0})
    assert last.value == pytest.approx(1.0001**5_000, rel=1e-9)


def test_a_graph_whose_paths_double_fifty_times_is_still_linear_work():
    x = out = Node(1.0)
    for _ in range(50):
        out = out + out
    assert gradients(out)[x] == 2.0**50


# ------------------------------------------------------------------------------------------ passes


def test_a_second_backward_gives_the_same_as_the_first(rng):
    x = Node(rng.normal(size=(2, 3)))
    out = (bplib.tanh(x) * x).sum()
    first, second = gradients(out), gradients(out)
    np.testing.assert_array_equal(first[x], second[x])


@pytest.mark.parametrize("new", [3, np.float64(3), 3.0], ids=["int", "numpy", "float"])
def test_a_graph_is_replayed_after_an_input_has_changed(new):
    x = Node(2.0)
    out = x * x + bplib.exp(x)
    x.value = new
    steps = list(forward_pass(out))
    assert out.value == steps[-1].value == pytest.approx(9 + math.exp(3), rel=1e-15)
    assert gradients(out)[x] == pytest.approx(6 + math.exp(3), rel=1e-15)


def test_a_replay_takes_new_values_in_at_the_same_door():
    x = Node([1.0, 2.0], "x")
    out = x * 2
    x.value = [3, 4]
    list(forward_pass(out))
    assert x.value.dtype == np.float64 and out.value.tolist() == [6.0, 8.0]
    x.value = math.nan
    with pytest.raises(InputError, match="x is NaN"):
        list(forward_pass(out))


def test_a_pass_is_a_generator_of_steps():
    x, y = Node(-2.0, "x"), Node(5.0, "y")
    steps = backward_pass(x * y)
    first = next(steps)
    assert (first.kind, first.value, first.upstream, first.downstream) == (
        "backward",
        -10.0,
        1.0,
        (5.0, -2.0),
    )
    assert [(step.node.name, step.upstream) for step in steps] == [("y", -2.0), ("x", 5.0)]


def test_upstream_is_one_by_default_and_scales_the_gradients_when_given():
    x = Node(3.0)
    out = x * x
    assert gradients(out)[out] == 1.0
    assert (gradients(out, 2)[x], gradients(out, -0.5)[x]) == (12.0, -3.0)


def test_an_upstream_of_the_wrong_shape_is_refused_with_both_shapes():
    out = Node(np.ones((2, 3)), "x") * 2
    with pytest.raises(ShapeError, match=r"upstream \(3,\), .*\(2, 3\)"):
        gradients(out, np.ones(3))
    with pytest.raises(ShapeError, match=r"upstream \(\), .*\(2, 3\)"):
        gradients(out, 1.0)


def test_a_non_scalar_output_asks_for_upstream():
    with pytest.raises(GraphError, match=r"shape \(2, 3\).*Pass upstream="):
        gradients(Node(np.ones((2, 3)), "x") * 2)


def test_a_nan_in_upstream_is_refused():
    with pytest.raises(InputError, match="upstream is NaN"):
        gradients(Node(1.0) * 2, math.nan)


def test_an_input_that_no_gradient_reaches_is_not_visited():
    class Blind(gates.Gate):
        inputs, symbol = ("x", "label"), "blind"

        def forward(self, x, label):
            return x * 1.0

        def backward(self, upstream, out, x, label):
            return upstream, None

    x, label = Node(2.0), Node(1.0)
    assert label not in gradients(apply(Blind(), x, label))


def test_tangents_flow_forward_and_unnamed_inputs_stand_still():
    x, y = Node(3.0), Node(4.0)
    steps = list(tangent_pass(x * y + y, {y: 2.0}))
    assert {step.kind for step in steps} == {"tangent"}
    assert steps[-1].value == 8.0


def test_float32_flows_through_a_whole_graph():
    x = Node(np.ones((2, 3), np.float32))
    out = (bplib.tanh(x * 2.0) + 1.0).sum()
    assert out.value.dtype == np.float32
    assert {np.asarray(g).dtype for n, g in gradients(out).items() if n.kind != "constant"} == {
        np.dtype("float32")
    }


# --------------------------------------------------------------------------------------- operators

FORMULAS = {
    "x + 3": lambda x: x + 3,
    "3 + x": lambda x: 3 + x,
    "x - 3": lambda x: x - 3,
    "3 - x": lambda x: 3 - x,
    "x * 3": lambda x: x * 3,
    "3 * x": lambda x: 3 * x,
    "x / 3": lambda x: x / 3,
    "3 / x": lambda x: 3 / x,
    "1 / x": lambda x: 1 / x,
    "-x": lambda x: -x,
    "x ** 2": lambda x: x**2,
    "x ** -1.5": lambda x: x**-1.5,
    "array + x": lambda x: anp.array([1.0, 2.0]) + x,
    "array - x": lambda x: anp.array([1.0, 2.0]) - x,
    "array * x": lambda x: anp.array([1.0, 2.0]) * x,
    "array / x": lambda x: anp.array([1.0, 2.0]) / x,
    "float64 * x": lambda x: np.float64(3) * x,
}


@pytest.mark.parametrize("value", [0.7, np.array([0.7, 1.9])], ids=["number", "array"])
@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_an_operator_means_what_it_means_for_numbers(formula, value):
    x = Node(value)
    out = formula(x)
    np.testing.assert_allclose(out.value, formula(value), rtol=1e-15)
    wanted = autograd.elementwise_grad(formula)(np.asarray(value))
    np.testing.assert_allclose(gradients(out, np.ones(out.shape))[x], wanted, rtol=1e-13)


UFUNCS = (np.negative, np.reciprocal, np.square, np.exp, np.log, np.sin, np.tanh)


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda ufunc: ufunc.__name__)
def test_numpys_functions_of_one_number_work_on_nodes(ufunc):
    node = ufunc(Node([0.5, 1.5]))
    np.testing.assert_allclose(node.value, ufunc(np.array([0.5, 1.5])), rtol=1e-15)
    assert node.gate is not None


@pytest.mark.parametrize("ufunc", [np.add, np.subtract, np.multiply, np.divide, np.maximum])
def test_numpys_functions_of_two_numbers_work_on_nodes_on_either_side(ufunc):
    x, array = np.array([0.5, 1.5]), np.array([2.0, -3.0])
    np.testing.assert_array_equal(ufunc(Node(x), array).value, ufunc(x, array))
    np.testing.assert_array_equal(ufunc(array, Node(x)).value, ufunc(array, x))


def test_np_power_and_np_sum_work_on_nodes():
    x = Node(np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(np.power(x, 3).value, x.value**3)
    assert np.sum(x).value == 15.0
    np.testing.assert_array_equal(np.sum(x, axis=0).value, [3.0, 5.0, 7.0])
    assert np.sum(x, axis=1, keepdims=True).shape == (2, 1)


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", [1.0, 2.0, 3.0])
def test_a_comparison_looks_at_the_values_from_either_side(compare, other):
    x = Node(2.0)
    assert compare(x, other) == compare(2.0, other)
    assert compare(other, x) == compare(other, 2.0)
    assert compare(x, Node(other)) == compare(2.0, other)
    assert compare(np.float64(other), x) == compare(other, 2.0)
    np.testing.assert_array_equal(compare(np.array([other, 9.0]), x), compare(np.array([other, 9.0]), 2.0))


def test_a_function_may_branch_on_a_comparison():
    f = bplib.grad(lambda x: x * 3 if x > 0 else x * 5)
    assert (f(1.0), f(-1.0)) == (3.0, 5.0)


@pytest.mark.parametrize("compare", [operator.eq, operator.ne])
@pytest.mark.parametrize("other", [1.0, 2.0, np.float32(2.0), None, "2"])
def test_equality_looks_at_the_values_from_either_side(compare, other):
    x, array = Node(2.0), np.array([2.0, 5.0, 2.0])
    assert compare(x, other) == compare(other, x) == compare(2.0, other)
    np.testing.assert_array_equal(compare(Node(array), array[::-1]), compare(array, array[::-1]))
    np.testing.assert_array_equal(compare(array, Node(5.0)), compare(array, 5.0))
    np.testing.assert_array_equal(compare(Node(array), Node(5.0)), compare(array, 5.0))


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda x: x * 5 if x == 1 else x, 1.0, 5.0),
        (lambda x: 1 / x if x != 0 else x, 0.0, 1.0),
        (lambda x: x * (x == 2.0), 2.0, 1.0),
        (lambda x: x * 7 if 3.0 in [x] else x, 3.0, 7.0),
        (lambda x: x * 7 if x in (3.0, 4.0) else x, 5.0, 1.0),
        (lambda x: (x[x != 0] * 2).sum(), np.array([0.0, 3.0]), [0.0, 2.0]),
        (lambda x: (x * 3).sum() if 4.0 in x else x.sum(), np.array([[4.0, 1.0]]), [[3.0, 3.0]]),
        (lambda x: (x * np.equal(x, 1.0)).sum(), np.array([1.0, 2.0]), [1.0, 0.0]),
    ],
)
def test_a_function_may_branch_on_equality(f, x, slope):
    np.testing.assert_array_equal(bplib.grad(f)(x), slope)


def test_a_node_is_a_key_of_its_own():
    x, y = Node(2.0), Node(2.0)
    assert {x: "x", y: "y"}[x] == "x" and len({x, y, x}) == 2


# ---------------------------------------------------------------------------------------- messages


@pytest.mark.parametrize(
    ("leave", "words"),
    [
        (lambda x: float(x), r"float\(node\).*node.value.*np.exp"),
        (lambda x: math.exp(x), r"float\(node\).*node.value.*np.exp"),
        (lambda x: bool(x), "neither true nor false"),
        (lambda x: np.cbrt(x), "np.cbrt has no gate"),
        (lambda x: np.add.reduce(x), "no gate"),
        (lambda x: np.exp(x, where=True), "no gate"),
        (lambda x: np.asarray(x), "node.value"),
        (lambda x: np.array([x, x]), "node.value"),
        (lambda x: 2**x, r"exp\(node \* log\(number\)\)"),
        (lambda x: np.array([2.0, 3.0]) ** x, r"exp\(node \* log\(number\)\)"),
        (lambda x: np.sum(x, dtype=float), "sum of a node: dtype and out"),
        (lambda x: np.mean(x, dtype=float), "mean of a node: dtype and out"),
        (lambda x: np.reshape(x, (1,), order="F"), "reshape of a node: order"),
    ],
)
def test_leaving_the_graph_is_a_clear_error(leave, words):
    with pytest.raises(GraphError, match=words):
        leave(Node(2.0, "x"))


def test_a_node_as_exponent_is_a_clear_error():
    with pytest.raises(InputError, match=r"got a Node; write exp\(n \* log\(x\)\)"):
        Node(2.0) ** Node(3.0)


@pytest.mark.parametrize("bad", ["3", 1j, None, object(), ["a"], Node])
def test_a_node_refuses_what_is_no_number_by_name(bad):
    with pytest.raises(InputError, match=r"^price must be made of real numbers"):
        Node(bad, "price")


def test_a_node_refuses_nan():
    with pytest.raises(InputError, match=r"x\[1\] is NaN"):
        Node([1.0, math.nan], "x")


def test_text_that_meets_a_node_is_refused():
    with pytest.raises(InputError, match="real numbers"):
        Node(2.0) * "3"


def test_integers_become_float64_at_the_door():
    assert Node([1, 2, 3]).value.dtype == np.float64
    assert Node(3).value == 3.0 and type(Node(3).value) is float


def test_shapes_that_do_not_fit_are_named_with_the_rule():
    with pytest.raises(ShapeError, match=r"Multiply.forward.*x \(2, 3\), y \(2,\)"):
        Node(np.ones((2, 3)), "a") * Node(np.ones(2), "b")


def test_an_axis_that_does_not_exist_is_named_with_the_rule():
    with pytest.raises(ShapeError, match=r"Sum.forward: axis 5 .*x \(2, 3\)"):
        Node(np.ones((2, 3))).sum(axis=5)


@pytest.mark.parametrize("xs", [(), (1.0,), (1.0, 2.0, 3.0)], ids=len)
def test_a_wrong_number_of_inputs_is_named(xs):
    with pytest.raises(GraphError, match=rf"Add takes 2 inputs \(x, y\); got {len(xs)}"):
        apply(gates.add, *xs)


# ------------------------------------------------------------------------------------------- names


def test_every_node_of_a_trace_has_a_name_of_its_own():
    x = Node(2.0, "v1")
    out = apply(gates.add, (x * 3) * 4, Node(5.0), name="total")
    names = [node["name"] for node in trace_of(out).to_dict()["nodes"]]
    assert names == ["v1", "c1", "v2", "c2", "v3", "in1", "total"]


def test_two_nodes_of_one_name_are_refused():
    with pytest.raises(GraphError, match=r"two nodes of this graph are named .x.:"):
        trace_of(Node(1.0, "x") + Node(2.0, "x"))


def test_a_node_says_what_it_is():
    x = Node(2.0, "x")
    assert [node.kind for node in topological_order(x * 3)] == ["input", "constant", "gate"]
    assert repr(x) == "Node x: 2.0"
    assert repr(apply(gates.multiply, x, 3, name="y")) == "Node y = ×(x, node): 6.0"


# ------------------------------------------------------------------------------------------ memory


def nodes_alive():
    return sum(type(thing) is Node for thing in gc.get_objects())


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_nodes_are_freed_by_reference_counting_alone(no_collector):
    def f(x, w):
        h = bplib.tanh(x * w)
        return (h * h + x).sum()

    before = nodes_alive()
    trace = record(f, x=np.ones((2, 3)), w=np.ones(3))
    assert nodes_alive() > before
    trace.to_dict()
    del trace
    bplib.grad(f)(np.ones((2, 3)), np.ones(3))
    bplib.jvp(f, (np.ones((2, 3)), np.ones(3)), (np.ones((2, 3)), np.ones(3)))
    assert nodes_alive() == before


def test_a_deep_graph_is_freed_without_recursion(no_collector):
    before = nodes_alive()
    out = Node(1.0)
    for _ in range(100_000):
        out = out + 1.0
    del out
    assert nodes_alive() == before


def test_a_node_carries_no_dictionary():
    with pytest.raises(AttributeError):
        Node(1.0).colour = "red"


# ----------------------------------------------------------------------------------- random graphs

UNARY = {
    "sin": (bplib.sin, anp.sin),
    "tanh": (bplib.tanh, anp.tanh),
    "sigmoid": (bplib.sigmoid, lambda x: 1 / (1 + anp.exp(-x))),
    "square of sin": (lambda x: bplib.sin(x) ** 2, lambda x: anp.sin(x) ** 2),
    "negate": (lambda x: -x, lambda x: -x),
    "exp of tanh": (lambda x: bplib.exp(bplib.tanh(x)), lambda x: anp.exp(anp.tanh(x))),
    "log of 1 + square": (lambda x: bplib.log(x * x + 1), lambda x: anp.log(x * x + 1)),
}
BINARY = {
    "+": operator.add,
    "−": operator.sub,
    "tamed ×": lambda x, y: x * y * 0.25,
    "safe ÷": lambda x, y: x / (y * y + 1.5),
}


@st.composite
def programs(draw):
    """Up to 50 gates: (operation, operand, operand), each operand one of the values made so far."""
    length = draw(st.integers(1, 50))
    operations = st.sampled_from([*UNARY, *BINARY])
    return [
        (draw(operations), draw(st.integers(0, i + 2)), draw(st.integers(0, i + 2))) for i in range(length)
    ]


def run(program, inputs, library):
    """The program on nodes (library 0) or in autograd's numpy (library 1); every value counts in the end."""
    made = list(inputs)
    for operation, i, j in program:
        if operation in UNARY:
            made.append(UNARY[operation][library](made[i]))
        else:
            made.append(BINARY[operation](made[i], made[j]))
    total = made[0]
    for value in made[1:]:
        total = total + value
    return total


numbers = st.floats(-2, 2, width=32).filter(lambda x: x == 0 or abs(x) > 1e-6)


@settings(max_examples=60)
@given(program=programs(), xs=st.tuples(numbers, numbers, numbers))
def test_any_graph_of_numbers_has_the_gradients_of_autograd(program, xs):
    got = bplib.grad(lambda *nodes: run(program, nodes, 0))(*xs)
    wanted = autograd.grad(lambda inputs: run(program, inputs, 1))(xs)
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(wanted).max()))


@settings(max_examples=40)
@given(program=programs(), seed=st.integers(0, 2**32 - 1))
def test_any_graph_of_arrays_that_broadcast_has_the_gradients_of_autograd(program, seed):
    rng = np.random.default_rng(seed)
    xs = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=(4, 1, 1))
    upstream = rng.normal(size=(4, 2, 3))
    got = bplib.vjp(lambda *nodes: run(program, nodes, 0), xs, upstream)
    wanted = autograd.grad(lambda inputs: anp.sum(upstream * run(program, inputs, 1)))(xs)
    for mine, oracle in zip(got, wanted, strict=True):
        assert mine.shape == oracle.shape
        np.testing.assert_allclose(mine, oracle, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(oracle).max()))


@settings(max_examples=40)
@given(
    program=programs(),
    xs=st.tuples(numbers, numbers, numbers),
    direction=st.tuples(numbers, numbers, numbers),
)
def test_forward_mode_and_backward_mode_agree_on_any_graph(program, xs, direction):
    def f(*nodes):
        return run(program, nodes, 0)

    backward = np.dot(bplib.grad(f)(*xs), direction)
    scale = max(1.0, np.abs(bplib.grad(f)(*xs)).max())
    assert bplib.jvp(f, xs, direction) == pytest.approx(backward, rel=1e-9, abs=1e-9 * scale)


class Fused(gates.Elementwise):
    """out = x y + z: three inputs, and local derivatives alone."""

    inputs = ("x", "y", "z")

    def forward(self, x, y, z):
        return x * y + z

    def local(self, out, x, y, z):
        return y, x, 1.0


class TwiceAsSteep(gates.Elementwise):
    """A rule that states its backward itself, and wrongly: x² with the slope 4x."""

    def forward(self, x):
        return x * x

    def backward(self, upstream, out, x):
        return (upstream * 4.0 * x,)


def test_an_entrywise_gate_of_three_numbers_sends_a_gradient_to_each():
    x, y, z = Node(2.0), Node(3.0), Node(5.0)
    assert bplib.gradients(apply(Fused(), x, y, z)) == {x: 3.0, y: 2.0, z: 1.0}
    assert gradients(bplib.square(apply(Fused(), x, y, z)))[x] == 2 * 11 * 3


def test_a_backward_rule_of_its_own_counts_for_numbers_too():
    assert bplib.grad(lambda x: apply(TwiceAsSteep(), x))(3.0) == 12.0
    assert bplib.check_gradient(lambda x: apply(TwiceAsSteep(), x), x=3.0).mistakes == ("factor 2",)
