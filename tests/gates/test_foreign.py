"""A student's own class as a gate: the pure style, the style of the books, and what may be wrong with it."""

from dataclasses import dataclass

import numpy as np
import pytest

import bplib
from bplib import Layer, apply, record
from bplib.errors import GraphError, InputError, ShapeError
from bplib.gates.foreign import as_gate


class PureMul:
    inputs, symbol = ("price", "count"), "·"

    def forward(self, x, y):
        return x * y

    def backward(self, upstream, out, x, y):
        return upstream * y, upstream * x


class MulLayer:
    """As in the books: it keeps the last x and y in itself."""

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class Scale:
    """A layer with a parameter of its own, and an argument that has a default."""

    def __init__(self, factor):
        self.factor = factor

    def forward(self, x, train=True):
        return x * self.factor

    def backward(self, dout=1):
        return dout * self.factor


def rule(forward, backward):
    """A class with these two methods."""
    return type("Mine", (), {"forward": forward, "backward": backward})


def product(self, x, y):
    return x * y


@pytest.mark.parametrize(
    "mul", [PureMul, MulLayer, PureMul(), MulLayer()], ids=["pure", "book", "pure()", "book()"]
)
def test_a_class_or_an_object_of_either_style_is_a_gate(mul):
    trace = record(
        lambda x, y: apply(mul, x, y) + y, x=[[2.0, 3.0, 5.0]], y=[[7.0, 1.0, 4.0]], upstream=[[1, 10, 100]]
    )
    np.testing.assert_array_equal(trace.output, [[21.0, 4.0, 24.0]])
    np.testing.assert_array_equal(trace.gradient["x"], [[7.0, 10.0, 400.0]])
    np.testing.assert_array_equal(trace.gradient["y"], [[3.0, 40.0, 600.0]])


def test_a_rule_that_takes_one_input_may_return_its_gradient_bare_or_in_a_tuple():
    bare = rule(lambda self, x: x * x, lambda self, upstream, out, x: 2 * x * upstream)
    in_tuple = rule(lambda self, x: x * x, lambda self, upstream, out, x: (2 * x * upstream,))
    for one in (bare, in_tuple):
        assert record(lambda x, one=one: apply(one, x), x=3.0).gradient["x"] == 6.0


def test_an_argument_with_a_default_is_no_input():
    trace = record(lambda x: apply(Scale(3.0), x), x=2.0)
    assert (trace.output, trace.gradient["x"]) == (6.0, 3.0)


def test_a_trace_shows_the_students_names_and_symbol():
    def names(mul):
        node = record(lambda x, y: apply(mul, x, y), x=2.0, y=3.0).to_dict()["nodes"][-1]
        return node["gate"], node["symbol"], node["local"]

    assert names(PureMul) == ("PureMul", "·", None)
    assert names(MulLayer) == ("MulLayer", "MulLayer", None)
    assert as_gate(PureMul).inputs == ("price", "count")
    assert as_gate(MulLayer).inputs == ("x", "y")


def test_integers_that_a_rule_returns_become_floats():
    trace = record(lambda x: apply(rule(lambda self, x: 7, lambda self, upstream: 2), x) * 3.0, x=1.0)
    assert [type(v) for v in (trace.output, trace.gradient["x"])] == [float, float]


def test_an_input_without_gradient_is_left_out():
    Labelled = rule(lambda self, x, label: x * 2, lambda self, upstream, out, x, label: (2 * upstream, None))
    trace = record(lambda x, label: apply(Labelled, x, label), x=1.0, label=3.0)
    assert trace.gradient["x"] == 2.0 and "label" not in trace.gradient


# ------------------------------------------------------------------- one layer used at two places


def shop(first, second):
    """(apple · count) · tax made with these two layers: the gradients of apple and count."""

    def price(apple, count, tax):
        return apply(second, apply(first, apple, count), tax)

    trace = record(price, apple=100, count=2, tax=1.1)
    assert trace.output == pytest.approx(220)
    return trace.gradient["apple"], trace.gradient["count"]


def test_two_layer_objects_give_the_gradients_of_the_shop():
    assert shop(MulLayer(), MulLayer()) == pytest.approx((2.2, 110))


def test_one_layer_object_at_two_places_gives_by_hand_what_its_one_memory_gives():
    layer = MulLayer()
    layer.forward(layer.forward(100, 2), 1.1)
    downstream, _ = layer.backward(1.0)
    assert layer.backward(downstream) == pytest.approx((1.21, 220))


@pytest.mark.parametrize("one", [MulLayer(), as_gate(MulLayer())], ids=["book", "gate"])
def test_one_memory_at_two_places_of_a_graph_is_refused(one):
    with pytest.raises(GraphError, match=r"remembers its last forward pass alone.*one object for each place"):
        shop(one, one)
    assert shop(MulLayer(), Layer(bplib.multiply)) == pytest.approx((2.2, 110))


@dataclass(frozen=True)
class Frozen:
    def forward(self, x, y):
        return x + y

    def backward(self, upstream):
        return upstream, upstream


class Slotted(Frozen):
    __slots__ = ()


class Guarded(Frozen):
    def __setattr__(self, name, value):
        raise RuntimeError("not for you")


@pytest.mark.parametrize("rule", [Frozen(), Slotted(), Guarded()], ids=["frozen", "slots", "guarded"])
def test_a_rule_that_lets_nobody_write_into_it_is_a_gate_like_any_other(rule):
    assert bplib.grad(lambda x, y: apply(rule, x, y))(2.0, 3.0) == (1.0, 1.0)


def test_one_layer_of_ours_at_two_places_of_a_graph_is_a_gate_there_and_remembers_nothing():
    one = Layer(bplib.multiply)
    assert shop(one, one) == pytest.approx((2.2, 110))


def test_one_memory_in_two_graphs_is_refused_and_answers_for_the_last_of_them():
    one, x, y = MulLayer(), bplib.Node(2.0), bplib.Node(5.0)
    first, second = apply(one, x, 3.0), apply(one, y, 7.0)
    with pytest.raises(GraphError, match="at another place or for other inputs"):
        bplib.gradients(first)
    assert bplib.gradients(second)[y] == 7.0


def test_one_memory_at_two_places_with_the_same_inputs_is_right():
    one = MulLayer()
    assert bplib.grad(lambda x, y: apply(one, x, y) + apply(one, x, y))(2.0, 3.0) == (6.0, 4.0)


def test_a_graph_that_runs_forward_again_asks_the_memory_of_that_pass():
    x = bplib.Node(2.0)
    out = apply(MulLayer(), x, 3.0)
    x.value = 5.0
    with pytest.raises(GraphError, match="for other inputs"):
        bplib.gradients(out)
    list(bplib.forward_pass(out))
    assert bplib.gradients(out)[x] == 3.0


def test_the_librarys_own_layer_has_one_memory_too():
    with pytest.raises(GraphError, match=r"Multiply layer: backward needs a forward pass"):
        Layer(bplib.multiply).backward(1.0)


# ----------------------------------------------------------------------------- what may be wrong


@pytest.mark.parametrize("missing", ["forward", "backward"])
def test_a_class_without_one_of_the_methods_is_named(missing):
    methods = {"forward": product, "backward": lambda self, upstream: upstream}
    del methods[missing]
    with pytest.raises(GraphError, match=rf"Mine cannot be a gate: it has no method {missing}\(\)"):
        apply(type("Mine", (), methods), 1.0, 2.0)


def backward_raises(backward, kind, words, **inputs):
    inputs = inputs or {"x": 2.0, "y": 3.0}
    with pytest.raises(kind, match=words):
        record(
            lambda x, y: apply(rule(product, backward), x, y), upstream=inputs.pop("upstream", None), **inputs
        )


@pytest.mark.parametrize(
    "returned", [1.0, (1.0,), (1.0, 2.0, 3.0), np.ones(2)], ids=["1", "(1,)", "3", "array"]
)
def test_a_wrong_number_of_gradients_is_named(returned):
    backward_raises(
        lambda self, upstream: returned,
        GraphError,
        r"Mine.backward: return one gradient for each input \(x, y\); got",
    )


@pytest.mark.parametrize("returned", [None, ..., (None, None)], ids=["None", "...", "two None"])
def test_a_backward_that_returns_nothing_is_named(returned):
    backward_raises(
        lambda self, upstream: returned, GraphError, r"Mine.backward returned no gradient: .*\(x, y\)"
    )


def test_a_gradient_of_the_wrong_shape_is_named_with_both_shapes():
    backward_raises(
        lambda self, upstream, out, x, y: (upstream * y, upstream * x),
        ShapeError,
        r"Mine.backward: .*got dy \(2, 3\), y \(3,\)",
        x=np.ones((2, 3)),
        y=np.ones(3),
        upstream=np.ones((2, 3)),
    )


@pytest.mark.parametrize("returned", ["2", ..., 1j])
def test_a_gradient_that_is_no_number_is_named(returned):
    backward_raises(
        lambda self, upstream: (1.0, returned), InputError, r"Mine.backward: dy must be made of real"
    )


def test_an_error_of_the_students_own_comes_through_as_it_is():
    def forward(self, x, y):
        raise ValueError("x must be positive")

    with pytest.raises(ValueError, match=r"^x must be positive$") as raised:
        apply(rule(forward, lambda self, upstream: None), 1.0, 2.0)
    assert type(raised.value) is ValueError


def test_a_forward_that_returns_nothing_is_a_clear_error():
    with pytest.raises(InputError, match="real numbers; got NoneType"):
        apply(rule(lambda self, x: None, lambda self, upstream: upstream), 1.0)


def test_a_wrong_number_of_inputs_names_the_class():
    with pytest.raises(GraphError, match=r"MulLayer takes 2 inputs \(x, y\); got 1"):
        apply(MulLayer, 1.0)


def test_forward_mode_needs_a_jvp():
    with pytest.raises(GraphError, match=r"MulLayer has no jvp\(\)"):
        bplib.jvp(lambda x, y: apply(MulLayer, x, y), (2.0, 3.0), (1.0, 0.0))


def test_a_students_jvp_is_used():
    class Double:
        def forward(self, x):
            return 2 * x

        def backward(self, upstream):
            return 2 * upstream

        def jvp(self, tangents, out, x):
            return 2 * tangents[0]

    assert bplib.jvp(lambda x: apply(Double, x), 3.0, 5.0) == 10.0


class AnyNumber:
    """x · y, written for any number of arguments, as a base class may be."""

    def forward(self, *xs):
        self.x, self.y = xs
        return self.x * self.y

    def backward(self, upstream):
        return upstream * self.y, upstream * self.x


def test_a_forward_of_any_number_of_arguments_is_checked_at_those_it_gets():
    report = bplib.check_gate(AnyNumber(), 2.0, 3.0)
    assert report and [finding.what for finding in report.findings] == ["dxs1", "dxs2"]
