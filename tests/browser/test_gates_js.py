"""The browser's copy of the table of derivatives says what bplib.gates says."""

from itertools import product

import numpy as np
import pytest

import bplib as bp
from bplib import gates
from bplib.draw.wording import contents, grid, number
from bplib.graph import detail
from bplib.widgets.scalars import OF_ARRAYS
from tests.gates.catalogue import ENTRIES, positive

ARRAYS = [
    (entry, shapes)
    for entry in ENTRIES
    if entry.gate.name in OF_ARRAYS
    for shapes in entry.shapes
    if max(map(len, shapes)) <= 2
]
ENTRYWISE = [entry for entry in ENTRIES if isinstance(entry.gate, gates.Elementwise)]
EDGES = (0.0, 2.5, -1.0, 1000.0, -1000.0)  # where a rule may go wrong: kinks, ties, the ends of exp


def points(entry, rng):
    """Random inputs from the domain of the gate, and the edges where it is finite."""
    n = len(entry.gate.inputs)
    random = rng.uniform(-3, 3, (20, n))
    yield from (np.abs(random) + 0.1 if entry.draw is positive else random).tolist()
    for xs in product(EDGES, repeat=n):
        with np.errstate(all="ignore"):
            out = entry.gate.forward(*xs)
            finite = np.isfinite([out, *entry.gate.local(out, *xs)]).all()
        if finite:
            yield list(xs)


@pytest.fixture(scope="module")
def gates_js(module):
    return module("gates")


@pytest.fixture(scope="module")
def elements_js(module):
    return module("elements")


def test_both_tables_hold_the_same_gates(gates_js):
    ours, theirs = {entry.gate.name for entry in ENTRYWISE}, set(gates_js("Object.keys(GATES)"))
    assert ours - theirs == set(), "a gate of bplib/gates/entrywise.py without its rule in static/gates.js"
    assert theirs - ours == {"Fork"}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("entry", ENTRYWISE, ids=lambda entry: f"{entry.gate.name}{entry.gate.parameters}")
def test_each_rule_agrees_with_the_one_in_python(gates_js, entry, seed):
    rng = np.random.default_rng(seed)
    close = {"rel": 1e-12, "abs": 1e-15}
    gate, rule = entry.gate, f"GATES.{entry.gate.name}"
    for xs in points(entry, rng):
        out = gate.forward(*xs)
        forward = gates_js(f"{rule}.forward(...xs)", *xs, gate.parameters)
        local = gates_js(f"{rule}.local(...xs)", out, *xs, gate.parameters)
        assert forward == pytest.approx(out, **close), xs
        assert local == pytest.approx(list(gate.local(out, *xs)), **close), xs


def test_the_browser_has_just_the_rules_for_arrays_that_python_counts_on(module):
    assert sorted(module("arrays")("Object.keys(ARRAY_GATES)")) == sorted(OF_ARRAYS)
    assert {entry.gate.name for entry, _ in ARRAYS} == set(OF_ARRAYS)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_each_rule_for_arrays_agrees_with_the_one_in_python(module, seed):
    arrays_js, rng = module("arrays"), np.random.default_rng(seed)
    for entry, shapes in ARRAYS:
        gate, rule = entry.gate, f"ARRAY_GATES.{entry.gate.name}"
        xs = [np.asarray(x, float) for x in entry.draw(shapes, rng)]
        out = gate.forward(*xs)
        upstream = rng.normal(size=np.shape(out))
        plain = [np.asarray(x, float).tolist() for x in (upstream, out, *xs)]
        forward = arrays_js(f"{rule}.forward(...xs)", *plain[2:], gate.parameters)
        backward = arrays_js(f"{rule}.backward(...xs)", *plain, gate.parameters)
        agree(forward, out, (gate.name, shapes))
        for got, want in zip(backward, gate.backward(upstream, out, *xs), strict=True):
            agree(got, want, (gate.name, gate.parameters, shapes))


def agree(got, want, what):
    """Number for number, in the same shape; where no gradient goes, neither side has one."""
    if want is None or got is None:
        assert got is want, what
        return
    assert np.shape(got) == np.shape(want), what
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14, err_msg=str(what))


def batch_loss(X, W, b, s):
    Y = X @ W * s + b
    return (Y * Y).mean()


def classifier(x, W, s):
    return bp.hinge(x @ W, 1) + s * bp.squared_norm(W) + bp.softmax_with_loss(x @ W, 2)


def two_layers(X, W, b, s):
    hidden = bp.sigmoid(bp.affine(X, W, b))
    return bp.gates.cross_entropy(bp.softmax(hidden * s), [1, 0])


WEIGHTS = {"W": np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]), "b": np.array([0.5, -0.25, 1.0])}
ROWS = {"X": np.array([[1.0, 2.0], [-3.0, 0.5]])}


@pytest.mark.parametrize("opened", [None, (), True], ids=["folded", "copies", "all opened"])
@pytest.mark.parametrize(
    "f, arrays",
    [
        (batch_loss, ROWS | WEIGHTS),
        (two_layers, ROWS | WEIGHTS),
        (classifier, {"x": np.array([0.3, -0.6]), "W": WEIGHTS["W"]}),
    ],
)
def test_a_whole_graph_of_arrays_gives_the_numbers_of_the_engine(gates_js, f, arrays, opened):
    def traced(s):
        trace = bp.record(f, **arrays, s=s)
        return (trace if opened is None else detail.in_detail(trace, opened=opened)).to_dict()

    answered, expected = gates_js("run(...xs)", traced(0.5), {"s": -1.25}), traced(-1.25)["nodes"]
    for got, want in zip(answered, expected, strict=True):
        agree(got["value"], want["value"], want["name"])
        if want["kind"] != "constant":
            agree(got["gradient"], want["gradient"], want["name"])
        for one, other in zip(got["downstream"], want["downstream"], strict=True):
            agree(one, other, want["name"])


def circuit(x, y, z):
    return (x + y) * z


def forks(a, b):
    c = a + b
    return c * (b + 1) * a * a


def neuron(w0, x0, w1, x1, w2):
    return 1 / (1 + np.exp(-1 * (w0 * x0 + w1 * x1 + w2)))


def composite(x, w):
    return bp.tanh(w * x) * bp.relu(x) + bp.sigmoid(w)


@pytest.mark.parametrize("opened", [None, (), True], ids=["folded", "copies", "all opened"])
@pytest.mark.parametrize("f", [circuit, forks, neuron, composite])
def test_a_whole_graph_gives_the_numbers_of_the_engine(gates_js, f, opened):
    def traced(inputs):
        trace = bp.record(f, **inputs)
        return (trace if opened is None else detail.in_detail(trace, opened=opened)).to_dict()

    rng = np.random.default_rng(3)
    names = f.__code__.co_varnames[: f.__code__.co_argcount]
    at_start, later = (dict(zip(names, rng.normal(size=len(names)), strict=True)) for _ in range(2))
    answered = gates_js("run(...xs)", traced(at_start), later)
    expected = traced(later)["nodes"]
    for got, want in zip(answered, expected, strict=True):
        assert got["value"] == pytest.approx(want["value"], rel=1e-12), want["name"]
        if want["kind"] != "constant":
            assert got["gradient"] == pytest.approx(want["gradient"], rel=1e-12), want["name"]
        if want["kind"] == "gate":
            assert got["downstream"] == pytest.approx(want["downstream"], rel=1e-12), want["name"]


def test_numbers_are_written_as_in_the_still_picture(elements_js):
    rng = np.random.default_rng(4)
    ties = [0.125, 0.375, -0.125, 0.0625, 0.03125, 2.5]
    edges = [0.0, -0.0, 0.01, 0.1, 0.00999, 1e5, 99999.999, -3e-7, 1e300, 0.995, 0.0996]
    spread = (rng.normal(size=200) * 10.0 ** rng.integers(-9, 9, 200)).tolist()
    for x in [*ties, *edges, *spread, None]:
        assert elements_js("number(...xs)", x) == number(x), x
    for x, written in [(0.1 + 0.2, "0.30000000000000004"), (-1e-7, "−1e−7"), (1e300, "1e300"), (None, "–")]:
        assert elements_js("exact(...xs)", x) == written
    for array in (
        np.eye(2).tolist(),
        [0.5] * 7,
        [[1.0], [2.5]] * 3,
        [[-1e-3, 2.0, 3.0, 4.0, 5.0]] * 5,
        [],
        3.0,
        None,
    ):
        assert elements_js("gridOf(...xs) ?? null", array) == grid(array), array
    for array in ([1.0, 2.0], [[1.0], [-2.0]], np.zeros((3, 4)).tolist(), []):
        assert elements_js("contents(...xs)", array) == contents(array), array
    assert elements_js("contents(...xs)", {"shape": [3, 4]}) == contents(np.zeros((3, 4)).tolist())
