"""The browser's copy of the table of derivatives says what bplib.gates says."""

import numpy as np
import pytest

import bplib as bp
from bplib import detail, gates
from bplib.draw.wording import contents, number

ELEMENTWISE = sorted(
    name
    for name, gate in vars(gates).items()
    if isinstance(gate, type) and issubclass(gate, gates.Elementwise) and gate is not gates.Elementwise
)
PARAMETERS = {
    "Power": [{"exponent": n} for n in (3.0, -2.0, 0.5, 0.0, 1.0)],
    "LeakyRelu": [{"slope": 0.01}, {"slope": 0.3}],
    "Elu": [{"alpha": 1.0}, {"alpha": 1.7}],
}


def points(name, n_inputs, rng):
    """Random inputs, and where a rule may go wrong: zero, ties, the ends of the exponential."""
    random = rng.uniform(-3, 3, (20, n_inputs))
    if name in ("Log", "Power", "Sqrt"):
        return np.abs(random) + 0.1
    if name in ("Divide", "Reciprocal"):
        return np.where(np.abs(random) < 0.1, 1.0, random)
    special = [[x] * n_inputs for x in (0.0, 2.5, -1.0)]
    if name in ("Abs", "Elu", "LeakyRelu", "Max", "Relu", "Sigmoid", "Softplus", "Tanh"):
        special += [[1000.0, -1000.0][:n_inputs], [-1000.0, 1000.0][:n_inputs]]
    return np.concatenate([random, special])


@pytest.fixture(scope="module")
def gates_js(module):
    return module("gates")


@pytest.fixture(scope="module")
def elements_js(module):
    return module("elements")


def test_both_tables_hold_the_same_gates(gates_js):
    assert sorted(gates_js("Object.keys(GATES)")) == sorted([*ELEMENTWISE, "Fork"])


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_each_rule_agrees_with_the_one_in_python(gates_js, name, seed):
    rng = np.random.default_rng(seed)
    close = {"rel": 1e-12, "abs": 1e-15}
    for parameters in PARAMETERS.get(name, [{}]):
        gate = getattr(gates, name)(**parameters)
        for xs in points(name, len(gate.inputs), rng).tolist():
            out = gate.forward(*xs)
            forward = gates_js(f"GATES.{name}.forward(...xs)", *xs, parameters)
            local = gates_js(f"GATES.{name}.local(...xs)", out, *xs, parameters)
            assert forward == pytest.approx(out, **close), xs
            assert local == pytest.approx(list(gate.local(out, *xs)), **close), xs


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
    for array in ([1.0, 2.0], [[1.0], [-2.0]], np.zeros((3, 4)).tolist(), []):
        assert elements_js("contents(...xs)", array) == contents(array), array
    assert elements_js("contents(...xs)", {"shape": [3, 4]}) == contents(np.zeros((3, 4)).tolist())
