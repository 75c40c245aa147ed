"""The Playground and the BranchSplitter: their gates, words, messages and still pictures."""

import math
import re

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.playground import PATTERNS, Playground, playground_data
from bplib.widgets.splitter import BranchSplitter, overwritten, splitter_data

COURSE = {  # inputs, upstream, out, downstream, role
    "add": ([3, 4], [2], 7, (2, 2), "gradient distributor"),
    "multiply": ([2, 3], [5], 6, (15, 10), "swap multiplier"),
    "copy": ([7], [4, 2], [7, 7], (6,), "gradient adder"),
    "maximum": ([4, 5], [9], 5, (0, 9), "gradient router"),
}


def upstream_of(pattern):
    return np.squeeze(pattern.upstream)[()]


@pytest.mark.parametrize("name", COURSE)
def test_the_four_patterns_start_with_the_numbers_of_the_course(name):
    inputs, upstream, out, downstream, role = COURSE[name]
    described = playground_data()["gates"][name]
    pattern = PATTERNS[name]
    assert (described["inputs"], described["upstream"], described["role"]) == (inputs, upstream, role)
    found = pattern.gate.forward(*pattern.inputs)
    assert np.array_equal(found, out)
    assert pattern.gate.backward(upstream_of(pattern), found, *pattern.inputs) == downstream


def evaluated(formula, x, y, out):
    """What a formula of the Playground says, with the mathematics of the standard library."""
    python = formula.translate(str.maketrans({"−": "-", "·": "*", "≥": ">=", "²": "**2"}))
    names = {"sign": lambda x: math.copysign(1, x), "σ": lambda x: 1 / (1 + math.exp(-x))}
    return eval(python, {"cos": math.cos, "sin": math.sin, "x": x, "y": y, "out": out} | names)  # noqa: S307  (our own formulas)


@pytest.mark.parametrize("name", [name for name in PATTERNS if name != "copy"])
def test_each_formula_says_what_the_gate_computes(name):
    gate, formulas = PATTERNS[name].gate, PATTERNS[name].local
    for x, y in [(0.7, 1.9), (2.3, -1.2), (-1.6, 0.4)]:
        if x > 0 or name not in ("log", "sqrt"):
            xs = [x, y][: len(gate.inputs)]
            out = gate.forward(*xs)
            said = [evaluated(formula, x, y, out) for formula in formulas]
            assert said == pytest.approx(gate.local(out, *xs), rel=1e-12)
            slopes = bp.numerical_gradient(gate.forward, tuple(xs))
            assert said == pytest.approx(slopes, rel=1e-6, abs=1e-9)


def test_every_gate_of_one_name_is_the_one_that_bplib_exports():
    for name, pattern in PATTERNS.items():
        if name != "copy":
            assert getattr(bp, name) is pattern.gate


def test_own_numbers_take_the_place_of_the_example():
    assert Playground("maximum", 4, -6, upstream=1.5).state == {
        "gate": "maximum",
        "inputs": [4.0, -6.0],
        "upstream": [1.5],
    }


@pytest.mark.parametrize(
    "make, said",
    [
        (lambda: Playground("mul"), "no gate 'mul' here; there are add, multiply, copy"),
        (lambda: Playground("add", 1), "inputs must be 2 numbers from −10 to 10"),
        (lambda: Playground("exp", 11), "inputs must be a number from −10 to 10; got (11,)"),
        (lambda: Playground("exp", math.nan), "inputs must be a number"),
        (lambda: Playground("copy", upstream=3), "upstream must be 2 numbers"),
    ],
    ids=["gate", "too few", "too large", "nan", "branches"],
)
def test_what_does_not_fit_is_said_in_the_place_of_the_playground(make, said):
    assert said in make().data["message"]


def test_the_still_picture_is_the_gate_with_its_numbers_and_its_role():
    data, _ = Playground("multiply")._repr_mimebundle_()
    assert {"image/svg+xml", "image/png", "text/plain"} < set(data)
    assert data["text/plain"].startswith("multiply, the swap multiplier: each input gets")
    assert re.search(r"x +input +2\.00 +15\.00", data["text/plain"])
    assert "15.00" in data["image/svg+xml"]


def test_the_still_picture_of_a_copy_shows_both_branches_and_their_sum():
    text = Playground("copy")._repr_mimebundle_()[0]["text/plain"]
    assert re.search(r"x +input +7\.00 +6\.00", text)
    assert "(2,) 4.00 2.00" in text


def test_where_a_gate_has_no_value_the_still_says_so():
    assert "NaN" in Playground("log", -1)._repr_mimebundle_()[0]["text/plain"]


# ------------------------------------------------------------------------------------------ BranchSplitter


def branching(a, b):
    c = a + b
    d = b + 1
    e = c * d
    return e


def staged(x, y):
    """The staged function of CS231n."""
    num = x + bp.sigmoid(y)
    den = bp.sigmoid(x) + (x + y) ** 2
    return num / den


def inputs_of(gradients, *names):
    return [gradients[name] for name in names]


def test_overwriting_keeps_only_the_last_gradient_to_arrive():
    trace = bp.record(branching, a=2, b=1)
    assert inputs_of(trace.gradient, "a", "b") == [2.0, 5.0]
    assert inputs_of(overwritten(trace), "a", "b") == [2.0, 2.0]


def test_overwriting_goes_wrong_at_every_fork():
    trace = bp.record(lambda x: x * x * x * x, x=3)
    assert overwritten(trace)["x"] == 27.0
    assert trace.gradient["x"] == 108.0


def test_the_staged_function_gives_the_wrong_numbers_of_the_lesson():
    trace = bp.record(staged, x=3, y=-4)
    assert inputs_of(trace.gradient, "x", "y") == pytest.approx([2.059570, 1.592233], abs=1e-6)
    assert inputs_of(overwritten(trace), "x", "y") == pytest.approx([0.512144, 0.009046], abs=1e-6)


def test_without_a_fork_nothing_is_overwritten():
    trace = bp.record(lambda x, y, z: (x + y) * z, x=-2, y=5, z=-4)
    assert overwritten(trace) == dict(trace.gradient)


def test_the_browser_gets_the_graph_and_a_slider_for_each_input():
    data = splitter_data(bp.record(branching, a=2, b=1), {"a": (0, 4)})
    assert [(s["name"], s["low"], s["high"]) for s in data["sliders"]] == [("a", 0, 4), ("b", -2.0, 2.0)]
    assert data["trace"]["nodes"][1]["gradient"] == 5.0


@pytest.mark.parametrize(
    "f, inputs, said",
    [
        (lambda x: x + 1, {"x": 1}, "no value of f is used twice"),
        (lambda x: (x * x).sum(), {"x": np.ones(3)}, r"x is an array of shape \(3,\)"),
        (lambda x: bp.log(x) * x, {"x": -1}, "NaN"),
        (lambda x: bp.apply(Triple(), x) * x, {"x": 1}, "another one"),
    ],
    ids=["no fork", "array", "nan", "own gate"],
)
def test_what_the_splitter_cannot_show_is_said_in_its_place(f, inputs, said):
    assert re.search(said, BranchSplitter(f, **inputs).data["message"])


class Triple:
    """A student's gate."""

    def forward(self, x):
        return 3 * x

    def backward(self, upstream, out, x):
        return (3 * upstream,)


def test_another_branch_of_f_sends_its_graph():
    splitter = BranchSplitter(lambda x: x * x if x > 0 else bp.log(x + 2) * x, x=3)
    before = splitter.data
    splitter.inputs = {"x": 2.0}
    assert splitter.data is before
    splitter.inputs = {"x": -1.0}
    assert "Log" in [node["gate"] for node in splitter.data["trace"]["nodes"]]


def test_what_f_refuses_is_said_and_the_way_back_is_open():
    splitter = BranchSplitter(lambda x: x * x * {True: 2}[x > 0], x=3)
    splitter.inputs = {"x": -3.0}
    assert splitter.data["message"] == "KeyError: False"
    splitter.inputs = {"x": 2.0}
    assert splitter.data["message"] == ""


def test_the_still_picture_compares_both_rules_with_a_nudge():
    data, _ = BranchSplitter(branching, a=2, b=1)._repr_mimebundle_()
    assert {"image/svg+xml", "image/png", "text/plain"} < set(data)
    assert "b is used 2 times; in this order come back 3.00 and 2.00." in data["text/plain"]
    assert "b: += gives 5.00, = gives 2.00, nudging gives 5.00" in data["text/plain"]


def test_an_input_that_f_does_not_use_does_no_harm():
    splitter = BranchSplitter(lambda x, unused: x * x, x=3, unused=1)
    assert "x: += gives 6.00, = gives 3.00, nudging gives 6.00" in splitter.still()["text/plain"]
