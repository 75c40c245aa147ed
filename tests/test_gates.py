"""Every derivative rule against autograd, against hand-worked numbers, and at the ends of the number line."""

import inspect
import math

import gate_catalogue
import numpy as np
import pytest
from autograd import jacobian
from gate_catalogue import CASES, ENTRIES

import bplib
from bplib import gates
from bplib.errors import GraphError, InputError, ShapeError

each_case = pytest.mark.parametrize("case", CASES, ids=str)
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: type(entry.gate).__name__)


def upstream_and_tangents(out, xs, rng):
    upstream = rng.normal(size=np.shape(out))
    tangents = [rng.normal(size=np.shape(x)) for x in xs]
    return _floats(upstream), [_floats(tangent) for tangent in tangents]


def _floats(x):
    return x if np.ndim(x) else float(x)


def jacobian_of(case, i):
    """∂out/∂x_i by autograd, of shape out.shape + x_i.shape."""
    return jacobian(case.formula, i)(*[np.asarray(x, dtype=float) for x in case.xs])


def as_float32(xs):
    return [np.float32(x) if np.ndim(x) == 0 else x.astype(np.float32) for x in xs]


def test_every_gate_class_is_in_the_catalogue():
    classes = {
        found
        for _, found in inspect.getmembers(gates, inspect.isclass)
        if issubclass(found, gates.Gate) and found not in (gates.Gate, gates.Elementwise)
    }
    assert classes == {type(entry.gate) for entry in gate_catalogue.ENTRIES}


@each_case
def test_forward_is_the_formula(case):
    np.testing.assert_allclose(case.gate.forward(*case.xs), case.formula(*case.xs), rtol=1e-14, atol=1e-15)


@each_case
def test_backward_is_the_transposed_jacobian_of_autograd_times_upstream(case, rng):
    out = case.gate.forward(*case.xs)
    upstream, _ = upstream_and_tangents(out, case.xs, rng)
    got = case.gate.backward(upstream, out, *case.xs)
    assert len(got) == len(case.xs)
    for i, downstream in enumerate(got):
        wanted = np.tensordot(upstream, jacobian_of(case, i), axes=np.ndim(out))
        assert np.shape(downstream) == np.shape(case.xs[i])
        np.testing.assert_allclose(downstream, wanted, rtol=1e-12, atol=1e-13)


@each_case
def test_jvp_is_the_jacobian_of_autograd_times_the_tangents(case, rng):
    out = case.gate.forward(*case.xs)
    _, tangents = upstream_and_tangents(out, case.xs, rng)
    wanted = sum(np.tensordot(jacobian_of(case, i), t, axes=np.ndim(t)) for i, t in enumerate(tangents))
    got = case.gate.jvp(tangents, out, *case.xs)
    assert np.shape(got) == np.shape(out)
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-13)


@each_case
def test_backward_and_jvp_are_transposes_of_each_other(case, rng):
    out = case.gate.forward(*case.xs)
    upstream, tangents = upstream_and_tangents(out, case.xs, rng)
    pushed = np.sum(upstream * case.gate.jvp(tangents, out, *case.xs))
    downstream = case.gate.backward(upstream, out, *case.xs)
    pulled = sum(np.sum(d * t) for d, t in zip(downstream, tangents, strict=True))
    assert pushed == pytest.approx(pulled, rel=1e-12, abs=1e-12)


@each_case
def test_backward_is_linear_in_upstream(case, rng):
    out = case.gate.forward(*case.xs)
    upstream, _ = upstream_and_tangents(out, case.xs, rng)
    once, scaled = (case.gate.backward(k * upstream, out, *case.xs) for k in (1.0, 2.5))
    for d, scaled_d in zip(once, scaled, strict=True):
        np.testing.assert_allclose(scaled_d, 2.5 * d, rtol=1e-14)


@each_case
def test_nothing_that_a_gate_is_given_is_changed(case, rng):
    xs = [np.array(x) for x in case.xs]
    out = np.array(case.gate.forward(*xs))
    upstream = np.array(rng.normal(size=out.shape))
    tangents = [np.array(rng.normal(size=x.shape)) for x in xs]
    given = [*xs, out, upstream, *tangents]
    for array in given:
        array.flags.writeable = False  # writing raises
    case.gate.forward(*xs)
    case.gate.backward(upstream, out, *xs)
    case.gate.jvp(tangents, out, *xs)


@each_case
def test_a_float_stays_a_python_float(case):
    out = case.gate(*case.xs)
    assert type(out) is (float if np.ndim(out) == 0 else np.ndarray)
    downstream = case.gate.backward(out, out, *case.xs)
    assert [type(d) for d in downstream] == [type(x) for x in case.xs]


@each_case
def test_float32_stays_float32_forward_backward_and_tangent(case):
    xs = as_float32(case.xs)
    out = case.gate(*xs)
    assert out.dtype == np.float32
    assert [d.dtype for d in case.gate.backward(out, out, *xs)] == [np.float32] * len(xs)
    assert np.asarray(case.gate.jvp(xs, out, *xs)).dtype == np.float32
    np.testing.assert_allclose(out, case.formula(*case.xs), rtol=1e-5, atol=1e-6)


def test_the_gradient_of_a_float_that_met_an_array_is_a_float():
    out = gates.multiply.forward(2.0, np.array([1.0, 3.0, 5.0]))
    dx, dy = gates.multiply.backward(np.array([1.0, 10.0, 100.0]), out, 2.0, np.array([1.0, 3.0, 5.0]))
    assert (dx, type(dx)) == (531.0, float)
    np.testing.assert_array_equal(dy, [2.0, 20.0, 200.0])


# ------------------------------------------------------------------------------ hand-worked numbers


@pytest.mark.parametrize(
    ("gate", "xs", "out", "upstream", "downstream"),
    [
        (gates.add, (3.0, 4.0), 7.0, 2.0, (2.0, 2.0)),
        (gates.subtract, (3.0, 4.0), -1.0, 2.0, (2.0, -2.0)),
        (gates.multiply, (2.0, 3.0), 6.0, 5.0, (15.0, 10.0)),
        (gates.divide, (3.0, 2.0), 1.5, 4.0, (2.0, -3.0)),
        (gates.negate, (2.0,), -2.0, 5.0, (-5.0,)),
        (gates.reciprocal, (2.0,), 0.5, 8.0, (-2.0,)),
        (gates.square, (3.0,), 9.0, 2.0, (12.0,)),
        (gates.Power(3), (-2.0,), -8.0, 2.0, (24.0,)),
        (gates.Power(0), (0.0,), 1.0, 2.0, (0.0,)),
        (gates.Power(1), (0.0,), 0.0, 2.0, (2.0,)),
        (gates.Power(2), (0.0,), 0.0, 2.0, (0.0,)),
        (gates.exp, (0.0,), 1.0, 3.0, (3.0,)),
        (gates.log, (1.0,), 0.0, 3.0, (3.0,)),
        (gates.sin, (0.0,), 0.0, 3.0, (3.0,)),
        (gates.sigmoid, (0.0,), 0.5, 4.0, (1.0,)),
        (gates.tanh, (0.0,), 0.0, 4.0, (4.0,)),
        (gates.maximum, (4.0, 5.0), 5.0, 9.0, (0.0, 9.0)),
    ],
)
def test_the_numbers_of_the_course(gate, xs, out, upstream, downstream):
    assert gate.forward(*xs) == out
    assert gate.backward(upstream, out, *xs) == downstream


def test_copy_adds_what_comes_back():
    copy = gates.Copy(2)
    np.testing.assert_array_equal(copy.forward(7.0), [7.0, 7.0])
    assert copy.backward(np.array([4.0, 2.0]), np.array([7.0, 7.0]), 7.0) == (6.0,)


def test_repeat_and_sum_are_each_others_backward(rng):
    small, large = rng.normal(size=(3,)), rng.normal(size=(2, 3))
    repeat, sum_rows = gates.Repeat((2, 3)), gates.Sum(0)
    np.testing.assert_array_equal(repeat.backward(large, repeat.forward(small), small)[0], sum_rows(large))
    np.testing.assert_array_equal(sum_rows.backward(small, sum_rows(large), large)[0], repeat.forward(small))


def test_relu_routes_the_upstream_of_the_course():
    x, upstream = np.array([1.0, -2.0, 3.0, -1.0]), np.array([4.0, -1.0, 5.0, 9.0])
    np.testing.assert_array_equal(bplib.relu(x), [1, 0, 3, 0])
    np.testing.assert_array_equal(gates.relu.backward(upstream, bplib.relu(x), x)[0], [4, 0, 5, 0])


def test_the_derivative_of_relu_at_its_kink_is_zero():
    assert gates.relu.backward(3.0, 0.0, 0.0) == (0.0,)
    np.testing.assert_array_equal(gates.relu.backward(np.ones(2), np.zeros(2), np.zeros(2))[0], [0.0, 0.0])


def test_at_a_tie_max_sends_everything_to_the_first_input():
    assert gates.maximum.backward(9.0, 5.0, 5.0, 5.0) == (9.0, 0.0)


def test_no_slope_of_sigmoid_exceeds_a_quarter():
    x = np.linspace(-9, 9, 181)
    (slope,) = gates.sigmoid.backward(np.ones_like(x), bplib.sigmoid(x), x)
    assert slope.max() == slope[90] == 0.25


# ---------------------------------------------------------------------- the ends of the number line

FINITE_EVERYWHERE = (
    gates.add, gates.subtract, gates.multiply, gates.divide, gates.maximum, gates.negate, gates.reciprocal,
    gates.square, gates.Power(3), gates.sin, gates.sigmoid, gates.tanh, gates.relu, gates.Sum(),
    gates.Copy(2), gates.Repeat((2,)),
)  # fmt: skip


@pytest.mark.parametrize("x", [1000.0, -1000.0, np.array([1000.0, -1000.0])], ids=["1000", "-1000", "array"])
@pytest.mark.parametrize("gate", FINITE_EVERYWHERE, ids=lambda gate: type(gate).__name__)
def test_a_thousand_is_finite_and_free_of_warnings(gate, x):
    xs = (x,) * len(gate.inputs)
    out = gate.forward(*xs)  # a warning is an error in this test suite
    assert np.isfinite(out).all()
    assert all(np.isfinite(d).all() for d in gate.backward(np.ones(np.shape(out)), out, *xs))


def test_saturated_gates_reach_their_limits_exactly():
    assert (bplib.sigmoid(1000), bplib.sigmoid(-1000)) == (1.0, 0.0)
    assert (bplib.tanh(1000), bplib.tanh(-1000)) == (1.0, -1.0)
    assert (bplib.relu(1000), bplib.relu(-1000)) == (1000.0, 0.0)
    assert (bplib.exp(-1000), bplib.log(1000)) == (0.0, math.log(1000))


def test_small_sigmoids_keep_their_digits():
    assert bplib.sigmoid(-40.0) == pytest.approx(math.exp(-40.0), rel=1e-15)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("gate", "x", "limit"), [(gates.exp, 1000.0, math.inf), (gates.log, 0.0, -math.inf)])
def test_a_float_overflows_to_infinity_like_an_array(gate, x, limit):
    assert gate.forward(x) == gate.forward(np.array([x]))[0] == limit


def test_maximum_passes_a_nan_on():
    assert math.isnan(gates.maximum.forward(math.nan, 1.0)) and math.isnan(
        gates.maximum.forward(1.0, math.nan)
    )
    assert math.isnan(gates.relu.forward(math.nan))


# ---------------------------------------------------------------------------------- calling a gate


@each_entry
def test_a_gate_says_its_name_inputs_and_symbol(entry):
    assert entry.gate.name == type(entry.gate).__name__
    assert len(entry.gate.inputs) == len(inspect.signature(entry.gate.forward).parameters)
    assert entry.gate.symbol != gates.Gate.symbol
    assert entry.gate.__doc__.strip()


def test_a_gate_called_on_plain_numbers_is_plain_arithmetic():
    assert (bplib.exp(0), type(bplib.exp(0))) == (1.0, float)
    np.testing.assert_array_equal(bplib.square([1, 2, 3]), [1.0, 4.0, 9.0])
    assert bplib.add(np.float32(1), np.float32(2)).dtype == np.float32


def test_a_gate_called_on_a_node_joins_its_graph():
    x = bplib.Node(3.0, "x")
    out = bplib.multiply(2, x)
    assert out.gate is gates.multiply and out.parents[1] is x and out.value == 6.0


@pytest.mark.parametrize(
    "bad",
    ["text", 1j, None, [1.0, "a"], object()],
    ids=["text", "complex", "nothing", "mixed list", "object"],
)
def test_a_gate_refuses_what_is_no_number(bad):
    with pytest.raises(InputError, match="real numbers"):
        bplib.exp(bad)


@pytest.mark.parametrize("exponent", [np.ones(2), "2", 1j, None])
def test_a_power_wants_a_plain_number_as_exponent(exponent):
    with pytest.raises(InputError, match=r"plain number.*exp\(n \* log\(x\)\)"):
        gates.Power(exponent)


def test_repeat_names_the_shapes_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"Repeat.forward.*x \(2,\), shape \(4, 3\)"):
        gates.Repeat((4, 3)).forward(np.ones(2))


def test_a_gate_names_its_inputs_when_their_number_is_wrong():
    with pytest.raises(GraphError, match=r"Multiply takes 2 inputs \(x, y\); got 3"):
        gates.multiply.expect_inputs((1.0, 2.0, 3.0))
