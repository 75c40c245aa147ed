"""Somebody else's engine, drawn: the numbers are those that its own values hold, right or wrong."""

import math

import pytest

import bplib as bp
from bplib.errors import BplibError, GraphError


class Dual:
    """An engine in miniature, in a style that no file of bplib has: edges (parent, slope) in a list."""

    def __init__(self, data, edges=(), symbol=""):
        self.data, self.edges, self.symbol, self.grad = data, list(edges), symbol, 0.0

    @property
    def parents(self):
        return [parent for parent, _ in self.edges]

    @property
    def local(self):
        return [slope for _, slope in self.edges]

    def __add__(self, other):
        return Dual(self.data + other.data, [(self, 1.0), (other, 1.0)], "+")

    def __mul__(self, other):
        return Dual(self.data * other.data, [(self, other.data), (other, self.data)], "×")

    def backward(self):
        self.push(1.0)

    def push(self, signal):
        self.grad += signal
        for parent, slope in self.edges:
            parent.push(signal * slope)


class Overwriting(Dual):
    def __add__(self, other):
        return Overwriting(self.data + other.data, [(self, 1.0), (other, 1.0)], "+")

    def push(self, signal):
        self.grad = signal
        for parent, slope in self.edges:
            parent.push(signal * slope)


class Closures:
    """Without local derivatives to look at, and with the parents in a set."""

    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad, self.send = data, set(parents), 0.0, lambda: None

    def __mul__(self, other):
        out = Closures(self.data * other.data, (self, other))

        def send():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.send = send
        return out

    def backward(self):
        self.grad = 1.0
        self.send()


def circuit(x, y, z):
    q = x + y
    f = q * z
    return f


@pytest.mark.parametrize(("x", "y", "z"), [(-2, 5, -4), (0.5, 1.5, 3), (1, -7, 2.25)])
def test_a_strange_engine_is_recorded_with_the_names_and_numbers_of_ours(x, y, z):
    theirs = bp.record(circuit, engine=Dual, x=x, y=y, z=z)
    ours = bp.record(circuit, x=x, y=y, z=z)
    assert theirs.value == dict(ours.value)
    assert theirs.gradient == dict(ours.gradient)
    assert [node.gate.symbol for node in theirs.names if node.gate] == ["+", "×"]
    boxes = zip(theirs.to_dict()["nodes"], ours.to_dict()["nodes"], strict=True)
    for yours, wanted in boxes:
        assert yours["downstream"] == wanted["downstream"]
        assert yours["local"] == wanted["local"]


def test_a_wrong_engine_is_shown_with_its_wrong_numbers():
    assert bp.record(lambda x: x + x, engine=Dual, x=3).gradient["x"] == 2.0
    assert bp.record(lambda x: x + x, engine=Overwriting, x=3).gradient["x"] == 1.0


def test_what_an_engine_does_not_tell_is_left_out_of_the_picture():
    seen = bp.record(lambda x, y: x * y, engine=Closures, x=3, y=-4)
    assert (seen.gradient["x"], seen.gradient["y"]) == (-4.0, 3.0)
    product = seen.to_dict()["nodes"][-1]
    assert product["local"] is None and product["downstream"] == [None, None]
    assert "−4.00" in seen._repr_mimebundle_()["image/svg+xml"]


def test_before_the_way_back_nothing_has_a_gradient():
    assert not bp.record(circuit, engine=Dual, backward=False, x=1, y=2, z=3).gradient


def test_a_long_chain_is_walked_without_recursion():
    x = Dual(1.0)
    for _ in range(5000):
        x = Dual(x.data, [(x, 1.0)], "same")
    from bplib.graph.engines import trace_of_values

    assert len(trace_of_values(x, went_back=False).names) == 5001


@pytest.mark.parametrize(("attribute", "said"), [("grad", "has no grad"), ("parents", "has no parents")])
def test_a_value_that_cannot_be_drawn_says_what_it_lacks(attribute, said):
    class Bare:
        def __init__(self, data):
            self.data, self.grad, self.parents = data, 0.0, ()
            delattr(self, attribute)

    with pytest.raises(GraphError, match=f"Bare {said}.*needs data, grad, parents"):
        bp.record(lambda x: x, engine=Bare, backward=False, x=1)


class NoWayBack:
    def __init__(self, data):
        self.data, self.grad, self.parents = data, 0.0, ()


@pytest.mark.parametrize(
    ("f", "engine", "options", "said"),
    [
        (lambda x: 3.0, Dual, {"x": 1}, "return a value of Dual with backward.*got float"),
        (lambda x: None, Dual, {"x": 1}, "got NoneType"),
        (lambda x: x, NoWayBack, {"x": 1}, "got NoWayBack"),
        (lambda x: x, Dual, {"x": 1, "upstream": 2.0}, "takes no upstream"),
        (lambda x: x, Dual, {"x": [[1.0, 2.0, 3.0]]}, r"got x \(1, 3\)"),
        (lambda x: x, Dual, {"x": "one"}, "x must be"),
        (lambda x: x, Dual, {"x": math.nan}, "x is NaN"),
    ],
)
def test_what_cannot_be_recorded_on_an_engine_is_refused_by_name(f, engine, options, said):
    with pytest.raises(BplibError, match=said):
        bp.record(f, engine=engine, **options)


def test_a_stepper_steps_through_somebody_elses_engine():
    stepper = bp.Stepper(circuit, engine=Dual, x=-2, y=5, z=-4)
    assert stepper.data["message"] == "" and stepper.data["computes"] == "kernel"
    assert stepper.data["switches"] == []
    stepper.inputs = {"x": 1.0, "y": 2.0, "z": 10.0}
    assert stepper.trace.gradient["z"] == 3.0 and math.isclose(stepper.trace.output, 30.0)
    assert "30.00" in stepper.still()["image/svg+xml"]
