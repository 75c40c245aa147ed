"""Every derivative rule against hand-worked numbers, and at the ends of the number line.

(Against JAX, and on shapes and graphs of all kinds: test_exactness.py.)
"""

import inspect
import math

import numpy as np
import pytest

import bplib
from bplib import gates
from bplib.errors import GraphError, InputError, ShapeError
from tests.gates.catalogue import CASES, ENTRIES, floats

each_case = pytest.mark.parametrize("case", CASES, ids=str)
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.gate.name)
each_gate = pytest.mark.parametrize(
    "gate", {entry.gate.name: entry.gate for entry in ENTRIES}.values(), ids=lambda gate: gate.name
)


def as_float32(xs):
    return [np.float32(x) if np.ndim(x) == 0 else x.astype(np.float32) for x in xs]


def gradients_of(case, upstream, out, *xs):
    """The downstream gradients, without the None of targets."""
    return case.gate.backward(upstream, out, *xs)[: case.learned]


def random_like(x, rng):
    numbers = rng.normal(size=np.shape(x))
    return numbers if np.ndim(x) else float(numbers)


def test_every_gate_class_is_in_the_catalogue():
    kinds = {gates.Gate, gates.Elementwise, gates.Reduction, gates.Loss}  # not rules themselves
    kinds |= {gates.Spread, gates.Windows, gates.Pool, gates.Normalization}
    classes = {found for _, found in inspect.getmembers(gates, inspect.isclass)}
    rules = {found for found in classes if issubclass(found, gates.Gate)} - kinds
    assert rules == {type(entry.gate) for entry in ENTRIES}


def test_the_contents_page_of_the_gates_is_complete():
    parts = [gates.base, gates.entrywise, gates.neurons, gates.reductions, gates.structure, gates.matrices]
    parts += [gates.losses, gates.windows, gates.norms, gates.queries]
    for part in parts:
        for name, found in vars(part).items():
            if isinstance(found, gates.Gate) or (inspect.isclass(found) and issubclass(found, gates.Gate)):
                assert getattr(gates, name) is found


def test_every_function_of_the_gates_is_a_public_name():
    functions = {name for name, found in vars(gates).items() if isinstance(found, gates.Gate)}
    assert functions <= set(bplib.__all__)


@each_case
def test_backward_is_linear_in_upstream(case, rng):
    out = case.gate.forward(*case.xs)
    upstream = random_like(out, rng)
    once, scaled = (gradients_of(case, k * upstream, out, *case.xs) for k in (1.0, 2.5))
    for i, (d, scaled_d) in enumerate(zip(once, scaled, strict=True)):
        floor = rounding_of_a_sum(np.abs(2.5 * upstream), list(slopes(case, out, i)))
        np.testing.assert_allclose(scaled_d, 2.5 * d, rtol=1e-13, atol=floor)


def rounding_of_a_sum(upstream, slopes):
    """How far rounding may carry Σ upstream · slope: 8 eps of the terms' size. They may cancel, it does not.

    A slope below 1 counts as 1, since softmax and its logarithm take the upstream itself apart.
    """
    return 8 * np.finfo(float).eps * np.sum(upstream) * max(1.0, np.abs(slopes).max())


def slopes(case, out, i):
    """∂out/∂x for each entry of x, input i of the gate."""
    for k in np.ndindex(np.shape(case.xs[i])):
        unit = np.zeros(np.shape(case.xs[i]))
        unit[k] = 1.0
        tangents = [unit if j == i else np.zeros(np.shape(x)) for j, x in enumerate(case.xs)]
        yield case.gate.jvp(floats(tangents), out, *case.xs)


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
    downstream = gradients_of(case, out, out, *case.xs)
    assert [type(d) for d in downstream] == [type(x) for x in case.xs[: case.learned]]


@each_case
def test_a_gradient_is_memory_of_its_own(case, rng):
    xs = [np.array(x) for x in case.xs]
    out = np.array(case.gate.forward(*xs))
    upstream = np.array(rng.normal(size=out.shape))
    downstream = [d for d in gradients_of(case, upstream, out, *xs) if isinstance(d, np.ndarray)]
    for k, d in enumerate(downstream):
        assert d.flags.writeable
        assert not any(np.shares_memory(d, given) for given in (*xs, out, upstream, *downstream[:k]))


@each_case
def test_float32_stays_float32_forward_backward_and_tangent(case):
    xs = as_float32(case.xs)
    out = case.gate(*xs)
    assert out.dtype == np.float32
    assert [d.dtype for d in gradients_of(case, out, out, *xs)] == [np.float32] * case.learned
    assert np.asarray(case.gate.jvp(xs, out, *xs)).dtype == np.float32
    np.testing.assert_allclose(out, case.gate(*case.xs), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("labels", [[1, 0, 2, 2], np.eye(3)[[1, 0, 2, 2]]], ids=["indices", "one-hot"])
@pytest.mark.parametrize("gate", [gates.softmax_with_loss, gates.cross_entropy], ids=lambda gate: gate.name)
def test_labels_of_any_kind_leave_float32_as_it_is(gate, labels, rng):
    y = rng.uniform(0.1, 1.0, size=(4, 3)).astype(np.float32)
    for t in (np.asarray(labels, dtype=float), np.asarray(labels, dtype=int)):
        out = gate(y, t)
        assert out.dtype == gate.gradient(out, y, t).dtype == np.float32


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
        (gates.cos, (0.0,), 1.0, 3.0, (0.0,)),
        (gates.tan, (0.0,), 0.0, 3.0, (3.0,)),
        (gates.sqrt, (4.0,), 2.0, 8.0, (2.0,)),
        (gates.absolute, (-3.0,), 3.0, 2.0, (-2.0,)),
        (gates.absolute, (0.0,), 0.0, 2.0, (0.0,)),
        (gates.softplus, (0.0,), math.log(2), 4.0, (2.0,)),
        (gates.LeakyRelu(0.5), (-2.0,), -1.0, 4.0, (2.0,)),
        (gates.LeakyRelu(0.5), (0.0,), 0.0, 4.0, (2.0,)),
        (gates.Elu(2.0), (0.0,), 0.0, 3.0, (6.0,)),
        (gates.maximum, (4.0, 5.0), 5.0, 9.0, (0.0, 9.0)),
        (gates.quadratic_cost, (0.5, 0.0), 0.125, 2.0, (1.0, None)),
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


def test_relu_and_max_send_no_negative_zero():
    x, upstream = np.array([1.0, -2.0]), np.array([-4.0, -1.0])
    sent = [*gates.relu.backward(upstream, x, x), *gates.maximum.backward(upstream, x, x, x[::-1])]
    assert not any(np.signbit(d[d == 0]).any() for d in sent)
    assert math.copysign(1.0, gates.relu.backward(-1.0, 0.0, -2.0)[0]) == 1.0


def test_affine_gives_the_batch_of_the_course():
    x = np.array([[2.0, 1, -3], [-3, 4, 2]])
    W = np.array([[3.0, 2, 1, -1], [2, 1, 3, 2], [3, 2, 1, -2]])
    upstream, b = np.array([[2.0, 3, -3, 9], [-8, 1, 4, 6]]), np.zeros(4)
    out = gates.affine.forward(x, W, b)
    dx, dW, db = gates.affine.backward(upstream, out, x, W, b)
    np.testing.assert_array_equal(out, [[-1, -1, 2, 6], [5, 2, 11, 7]])
    np.testing.assert_array_equal(dx, [[0, 16, -9], [-24, 9, -30]])
    np.testing.assert_array_equal(dW, [[28, 3, -18, 0], [-30, 7, 13, 33], [-22, -7, 17, -15]])
    np.testing.assert_array_equal(db, [-6, 4, 1, 15])


def test_one_sample_goes_through_affine_like_a_batch_of_one(rng):
    x, W, b, upstream = (rng.normal(size=shape) for shape in (3, (3, 4), 4, 4))
    dx, dW, db = gates.affine.backward(upstream, gates.affine.forward(x, W, b), x, W, b)
    np.testing.assert_allclose(dx, W @ upstream)
    np.testing.assert_allclose(dW, np.outer(x, upstream))
    np.testing.assert_array_equal(db, upstream)


def test_an_empty_batch_has_gradients_of_zero(rng):
    x, W, b = np.ones((0, 3)), rng.normal(size=(3, 4)), np.ones(4)
    out = gates.affine(x, W, b)
    dx, dW, db = gates.affine.backward(out, out, x, W, b)
    assert (out.shape, dx.shape) == ((0, 4), (0, 3))
    assert not dW.any() and not db.any()


def test_the_squared_norm_of_a_product_gives_the_gradients_of_the_course():
    def f(W, x):
        return bplib.squared_norm(W @ x)

    dW, dx = bplib.grad(f)(np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4]))
    np.testing.assert_allclose(dW, [[0.088, 0.176], [0.104, 0.208]])
    np.testing.assert_allclose(dx, [-0.112, 0.636])


def test_softmax_of_the_course():
    y = bplib.softmax([0.3, 2.9, 4.0])
    np.testing.assert_allclose(y, [0.0182, 0.2452, 0.7366], atol=5e-5)
    np.testing.assert_allclose(
        bplib.softmax([1010, 1000, 990]), np.exp([0, -10, -20]) / np.exp([0, -10, -20]).sum()
    )


def test_softmax_shifts_each_row_by_itself():
    z = np.array([[0.0, 1.0], [1000.0, 1001.0], [-1001.0, -1000.0]])
    np.testing.assert_allclose(bplib.softmax(z), [bplib.softmax([0.0, 1.0])] * 3)


@pytest.mark.parametrize("t", [1, [0, 1, 0]], ids=["index", "one-hot"])
def test_softmax_with_loss_sends_back_what_was_said_minus_what_is_true(t):
    z, t = np.log([0.3, 0.2, 0.5]), np.asarray(t, dtype=float)
    dz, dt = gates.softmax_with_loss.backward(1.0, 0.0, z, t)
    np.testing.assert_allclose(dz, [0.3, -0.8, 0.5])
    assert dt is None
    assert bplib.softmax_with_loss(z, t) == pytest.approx(-math.log(0.2))


def test_softmax_with_loss_keeps_its_gradient_where_a_probability_rounds_to_nothing():
    z = np.array([12.0, 0.0, -1200.0])
    assert bplib.softmax_with_loss(z, 2) == pytest.approx(1212.0, abs=1e-5)
    dz, _ = gates.softmax_with_loss.backward(1.0, 1212.0, z, 2.0)
    np.testing.assert_allclose(dz, [1, 0, -1], atol=1e-5)


def test_a_class_that_is_neither_said_nor_true_costs_nothing():
    y, t = np.array([0.5, 0.0, 0.5]), np.array([1.0, 0.0, 0.0])
    assert bplib.cross_entropy(y, t) == pytest.approx(math.log(2))
    np.testing.assert_array_equal(gates.cross_entropy.gradient(0.0, y, t), [-2, 0, 0])


@pytest.mark.parametrize(
    "gate", [gates.softmax_with_loss, gates.cross_entropy, gates.hinge], ids=lambda gate: gate.name
)
def test_a_batch_twice_over_has_the_same_loss_and_half_of_each_gradient(gate, rng):
    y, t = rng.uniform(0.1, 1.0, size=(4, 3)), np.array([0.0, 2, 1, 1])
    twice = np.concatenate([y, y]), np.concatenate([t, t])
    assert gate(*twice) == pytest.approx(gate(y, t))
    np.testing.assert_allclose(gate.gradient(0.0, *twice)[:4], gate.gradient(0.0, y, t) / 2)


def test_the_linear_classifier_of_the_course_has_both_branches():
    def loss(x, W):
        s = x @ W
        return bplib.hinge(s, 0) + gates.L2(0.1)(W)

    W = np.array([[0.2, -0.5, 0.1], [0.3, 0.4, -0.2]])
    trace = bplib.record(lambda W: loss(np.array([1.0, 2.0]), W), W=W)
    assert trace.output == pytest.approx(0.559)
    np.testing.assert_allclose(trace.gradient["W"], [[-0.96, 0.9, 0.02], [-1.94, 2.08, -0.04]])


def test_hinge_is_at_rest_exactly_on_its_margin():
    assert not gates.hinge.gradient(0.0, np.array([2.0, 1.0, 0.5]), 0.0).any()


def test_a_sigmoid_cross_entropy_keeps_the_digits_of_a_small_loss():
    assert bplib.sigmoid_cross_entropy(40.0, 1.0) == pytest.approx(math.exp(-40.0), rel=1e-12)


def test_an_entry_taken_twice_gets_both_upstreams():
    x = np.array([1.0, 2.0, 3.0])
    twice = gates.GetItem([2, 0, 2])
    (dx,) = twice.backward(np.array([1.0, 10.0, 100.0]), twice(x), x)
    np.testing.assert_array_equal(dx, [10, 0, 101])


def test_maxout_sends_everything_to_the_first_at_a_tie():
    x = np.array([2.0, 2.0, 1.0, 5.0])
    (dx,) = gates.maxout.backward(np.array([3.0, 4.0]), gates.maxout(x), x)
    np.testing.assert_array_equal(dx, [3, 0, 0, 4])


def test_the_norm_of_zero_has_derivative_zero():
    assert gates.norm.backward(1.0, 0.0, 0.0) == (0.0,)
    np.testing.assert_array_equal(
        gates.Norm(0).backward(np.ones(2), np.zeros(2), np.zeros((3, 2)))[0], np.zeros((3, 2))
    )


# ---------------------------------------------------------------------- the ends of the number line


@pytest.mark.parametrize("case", [case for case in CASES if case.entry.everywhere], ids=str)
def test_a_thousand_is_finite_and_free_of_warnings(case, rng):
    """Every score or input of size 1000, with all signs; a warning is an error in this test suite."""
    for dtype in (float, np.float32):
        for _ in range(3):
            xs = [random_like(x, rng) for x in case.xs[: case.learned]]
            xs = [np.asarray(np.where(np.asarray(x) > 0, 1000.0, -1000.0), dtype) for x in xs]
            xs = [bplib.values.as_value(x) for x in (*xs, *case.xs[case.learned :])]
            out = case.gate.forward(*xs)
            upstream = np.ones(np.shape(out), dtype) if np.ndim(out) else 1.0
            assert np.isfinite(out).all()
            assert all(np.isfinite(d).all() for d in gradients_of(case, upstream, out, *xs))
            assert np.isfinite(case.gate.jvp([x * 0.0 for x in xs], out, *xs)).all()


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
    assert len(entry.gate.inputs) == _n_arguments(entry.gate)
    assert entry.gate.symbol != gates.Gate.symbol
    assert entry.gate.__doc__.strip()


def _n_arguments(gate):
    parameters = inspect.signature(gate.forward).parameters.values()
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return gate.n
    return len(parameters)


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


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (gates.LeakyRelu, "LeakyRelu: slope"),
        (gates.Elu, "Elu: alpha"),
        (gates.Maxout, "Maxout: pieces"),
        (gates.Hinge, "Hinge: margin"),
        (gates.L2, "L2: strength"),
    ],
)
def test_a_number_of_the_gate_itself_must_be_plain(make, what):
    for bad in ("2", np.ones(2), bplib.Node(2.0)):
        with pytest.raises(InputError, match=f"{what} must be a plain number, got a"):
            make(bad)


@pytest.mark.parametrize("pieces", [0, -2, 2.5])
def test_a_maxout_has_whole_pieces(pieces):
    with pytest.raises(InputError, match="pieces must be a whole number from 1 on"):
        gates.Maxout(pieces)


def test_repeat_names_the_shapes_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"Repeat.forward.*x \(2,\), shape \(4, 3\)"):
        gates.Repeat((4, 3)).forward(np.ones(2))


def test_a_gate_names_its_inputs_when_their_number_is_wrong():
    with pytest.raises(GraphError, match=r"Multiply takes 2 inputs \(x, y\); got 3"):
        gates.multiply.expect_inputs((1.0, 2.0, 3.0))


z43, t4 = np.ones((4, 3)), np.array([0.0, 1, 2, 1])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: gates.add([1, 2], [1, 2, 3]),
            ShapeError,
            r"Add.forward: .*broadcast.*got x \(2,\), y \(3,\)",
        ),
        (lambda: gates.Sum(2)(z43), ShapeError, r"Sum.forward: axis 2 is out of bounds.*x \(4, 3\)"),
        (lambda: gates.Mean(2)(z43), ShapeError, r"Mean.forward: axis 2 is out of bounds.*x \(4, 3\)"),
        (lambda: gates.mean([]), ShapeError, r"Mean.forward: x must have an entry; got x \(0,\)"),
        (lambda: gates.Norm(1)([1, 2]), ShapeError, r"Norm.forward: axis 1 is out of bounds"),
        (lambda: gates.Maxout(2)(z43), ShapeError, r"Maxout.forward: x \(…, M · 2\) .*got x \(4, 3\)"),
        (lambda: gates.maxout(1.0), ShapeError, r"Maxout.forward.*got x \(\)"),
        (lambda: gates.Reshape((5, 2))(z43), ShapeError, r"Reshape.forward: .*\(5,2\); got x \(4, 3\)"),
        (lambda: gates.Transpose((0, 0))(z43), ShapeError, r"Transpose.forward: repeated axis.*x \(4, 3\)"),
        (
            lambda: gates.concatenate([z43, np.ones((2, 5))]),
            ShapeError,
            r"Concatenate.forward: .*got x0 \(4, 3\), x1 \(2, 5\)",
        ),
        (lambda: gates.GetItem(9)(z43), ShapeError, r"GetItem.forward: index 9.*got x \(4, 3\), index 9"),
        (lambda: gates.GetItem(0)(1.0), ShapeError, r"GetItem.forward: too many indices.*got x \(\)"),
        (lambda: gates.matmul(z43, z43), ShapeError, r"Matmul.forward: A @ B needs.*A \(4, 3\), B \(4, 3\)"),
        (lambda: gates.matmul(2.0, z43), ShapeError, r"Matmul.forward: .*no plain number; got A \(\)"),
        (
            lambda: gates.matmul(np.ones((2, 4, 3)), np.ones((5, 3, 2))),
            ShapeError,
            r"Matmul.forward: .*got A \(2, 4, 3\), B \(5, 3, 2\)",
        ),
        (
            lambda: gates.affine(np.ones((32, 784)), np.ones((785, 50)), np.ones(50)),
            ShapeError,
            r"Affine.forward: x @ W \+ b needs.*got x \(32, 784\), W \(785, 50\), b \(50,\)",
        ),
        (
            lambda: gates.affine(z43, np.ones((3, 2)), np.ones((1, 2))),
            ShapeError,
            r"b \(M,\); got.*b \(1, 2\)",
        ),
        (lambda: gates.affine(1.0, 2.0, 3.0), ShapeError, r"got x \(\), W \(\), b \(\)"),
        (lambda: gates.softmax(1.0), ShapeError, r"Softmax.forward: .*got z \(\)"),
        (lambda: gates.log_softmax(np.ones((2, 0))), ShapeError, r"LogSoftmax.forward: .*got z \(2, 0\)"),
        (lambda: gates.softmax_with_loss(z43, t4[:3]), ShapeError, r"t \(N,\); got z \(4, 3\), t \(3,\)"),
        (
            lambda: gates.softmax_with_loss(z43, z43[:, :2]),
            ShapeError,
            r"same shape.*got z \(4, 3\), t \(4, 2\)",
        ),
        (lambda: gates.softmax_with_loss(z43[:0], t4[:0]), ShapeError, r"got z \(0, 3\), t \(0,\)"),
        (
            lambda: gates.softmax_with_loss(z43, t4 + 1),
            InputError,
            r"SoftmaxWithLoss: t\[2\] .*0 to 2; got 3",
        ),
        (
            lambda: gates.softmax_with_loss(z43, t4 - 1),
            InputError,
            r"SoftmaxWithLoss: t\[0\] .*0 to 2; got -1",
        ),
        (lambda: gates.softmax_with_loss(z43, t4 / 2), InputError, r"SoftmaxWithLoss: t\[1\] .*got 0.5"),
        (lambda: gates.softmax_with_loss(z43, t4 * np.nan), InputError, r"SoftmaxWithLoss: t\[0\] .*got nan"),
        (
            lambda: gates.softmax_with_loss(z43, z43),
            InputError,
            r"t\[0\] must be a distribution.*\[1. 1. 1.\]",
        ),
        (
            lambda: gates.softmax_with_loss(z43, z43 * [2, -1, 0]),
            InputError,
            r"t\[0\] must be a distribution",
        ),
        (lambda: gates.cross_entropy(z43, t4 + 1), InputError, r"CrossEntropy: t\[2\]"),
        (
            lambda: gates.cross_entropy([[0.0, 1.0]], [0]),
            InputError,
            r"CrossEntropy: y\[0, 0\] must be > 0 where t is.*SoftmaxWithLoss; got 0",
        ),
        (lambda: gates.hinge(z43, z43), ShapeError, r"Hinge.forward: .*t \(N,\); got s \(4, 3\), t \(4, 3\)"),
        (lambda: gates.hinge(z43, t4 + 1), InputError, r"Hinge: t\[2\] must be a class index"),
        (
            lambda: gates.quadratic_cost(z43, t4),
            ShapeError,
            r"a and y need the same shape.*a \(4, 3\), y \(4,\)",
        ),
        (lambda: gates.sigmoid_cross_entropy(z43, t4), ShapeError, r"z and t need the same shape"),
        (
            lambda: gates.sigmoid_cross_entropy(z43, z43 * 2),
            InputError,
            r"t\[0, 0\] must lie in \[0, 1\]; got 2",
        ),
        (lambda: gates.sigmoid_cross_entropy(1.0, -0.5), InputError, r"SigmoidCrossEntropy: t must lie"),
        (lambda: gates.exp(1.0, 2.0), GraphError, r"Exp takes 1 inputs \(x\); got 2"),
        (lambda: gates.softmax_with_loss(z43, "abc"), InputError, r"t must be made of real numbers"),
        (
            lambda: gates.softmax_with_loss(z43 * 1j, t4),
            InputError,
            r"z must be made of real numbers.*complex",
        ),
        (lambda: gates.affine([[1, 2], [3]], z43, t4), InputError, r"x must be an array: every row as long"),
    ],
)
def test_an_input_that_does_not_fit_is_named_with_its_shape(call, error, words):
    with pytest.raises(error, match=words):
        call()


@each_gate
def test_a_gate_takes_lists_integers_and_arrays_of_any_layout(gate):
    case = next(case for case in reversed(CASES) if case.gate is gate)
    wanted = gate(*case.xs)
    spread = [np.repeat(x, 2, axis=-1)[..., ::2] if np.ndim(x) else x for x in case.xs]  # not contiguous
    np.testing.assert_allclose(gate(*[np.asarray(x).tolist() for x in case.xs]), wanted, rtol=1e-12)
    np.testing.assert_allclose(gate(*spread), wanted, rtol=1e-12)
