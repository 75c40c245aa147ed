"""grad, vjp, jvp against autograd and by hand; numerical_gradient against derivatives known exactly."""

import math

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import bplib
from bplib import grad, jvp, numerical_gradient, vjp
from bplib.errors import GraphError, InputError, ShapeError


def h_of_g_of_f(x):
    """h(g(f(x))) with f = 2x + 1, g = y², h = sin z."""
    return np.sin((2 * x + 1) ** 2)


# ------------------------------------------------------------------------------------------- grad


@pytest.mark.parametrize(("x", "slope"), [(0.0, 2.161209), (0.5, -5.229149), (1.0, -10.933563)])
def test_the_chain_of_the_first_lesson(x, slope):
    assert grad(h_of_g_of_f)(x) == pytest.approx(slope, abs=5e-7)
    assert grad(h_of_g_of_f)(x) == pytest.approx(math.cos((2 * x + 1) ** 2) * 2 * (2 * x + 1) * 2, rel=1e-14)


def test_a_gate_and_a_numpy_function_take_named_inputs_in_their_order():
    assert bplib.record(bplib.sigmoid, x=0.0).gradient["x"] == 0.25
    assert bplib.record(np.multiply, x=2.0, y=3.0).gradient["y"] == 2.0
    assert grad(bplib.multiply)(x=2.0, y=3.0) == {"x": 3.0, "y": 2.0}


def test_one_argument_gives_one_gradient_several_a_tuple_and_names_a_dictionary():
    def f(x, y):
        return x * x * y

    assert grad(lambda x: f(x, 5.0))(3.0) == 30.0
    assert grad(f)(3.0, 5.0) == (30.0, 9.0)
    assert grad(f)(y=5.0, x=3.0) == {"y": 9.0, "x": 30.0}


def test_the_gradient_of_composed_functions_is_xmt_and_its_relatives():
    x, m, t, y, n = 1.3, 0.7, 2.1, -0.4, 1.9
    assert grad(lambda x, m, t: x * m * t)(x, m, t) == pytest.approx((m * t, x * t, x * m))
    got = grad(lambda x, m, y, n, t: (x * m + y * n) * t)(x, m, y, n, t)
    assert got == pytest.approx((m * t, x * t, n * t, y * t, x * m + y * n))


def test_an_argument_that_does_not_reach_the_output_has_gradient_zero():
    dx, dy = grad(lambda x, y: x * 3)(2.0, np.ones((2, 3)))
    assert dx == 3.0
    np.testing.assert_array_equal(dy, np.zeros((2, 3)))


def test_grad_keeps_the_name_and_text_of_the_function():
    assert grad(h_of_g_of_f).__name__ == "h_of_g_of_f" and "sin z" in grad(h_of_g_of_f).__doc__


def test_grad_wants_a_single_number():
    with pytest.raises(GraphError, match=r"has shape \(3,\).*sum\(\)"):
        grad(lambda x: x * 2)([1.0, 2.0, 3.0])


def test_grad_wants_its_arguments_in_one_way():
    with pytest.raises(GraphError, match="all by position or all by name"):
        grad(lambda x, y: x * y)(1.0, y=2.0)


def test_grad_tells_where_a_nan_comes_from():
    with pytest.raises(GraphError, match=r"Log.forward made a NaN"):
        grad(bplib.log)(-1.0)


def test_integers_are_made_floats_before_they_are_differentiated():
    np.testing.assert_array_equal(grad(lambda x: (x * x).sum())(np.array([1, 2, 3])), [2.0, 4.0, 6.0])


def test_float32_arguments_have_float32_gradients():
    assert grad(lambda x: bplib.tanh(x).sum())(np.ones(3, np.float32)).dtype == np.float32


# ------------------------------------------------------------------------------------- vjp and jvp


def curved(x, w):
    """R^(2×3) × R³ → R^(2×3), in numpy's functions."""
    return anp.sin(x) * w + x / w


def on_nodes(x, w):
    return bplib.sin(x) * w + x / w


@pytest.fixture
def point(rng):
    return rng.normal(size=(2, 3)), rng.uniform(1, 2, size=3)


def test_vjp_is_the_transposed_jacobian_times_upstream(point, rng):
    upstream = rng.normal(size=(2, 3))
    for i, got in enumerate(vjp(on_nodes, point, upstream)):
        wanted = np.tensordot(upstream, autograd.jacobian(curved, i)(*point), axes=2)
        np.testing.assert_allclose(got, wanted, rtol=1e-12)


def test_jvp_is_the_jacobian_times_the_tangents(point, rng):
    tangents = rng.normal(size=(2, 3)), rng.normal(size=3)
    wanted = sum(
        np.tensordot(autograd.jacobian(curved, i)(*point), tangents[i], axes=np.ndim(tangents[i]))
        for i in (0, 1)
    )
    np.testing.assert_allclose(jvp(on_nodes, point, tangents), wanted, rtol=1e-12)


def test_one_value_is_answered_by_one_and_a_tuple_by_a_tuple():
    assert vjp(bplib.square, 3.0, 2.0) == 12.0
    assert vjp(bplib.square, (3.0,), 2.0) == (12.0,)
    assert jvp(bplib.square, 3.0, 2.0) == jvp(bplib.square, (3.0,), (2.0,)) == 12.0


def test_vjp_refuses_an_upstream_of_another_shape(point):
    with pytest.raises(ShapeError, match=r"upstream \(3,\).*\(2, 3\)"):
        vjp(on_nodes, point, np.ones(3))


def test_jvp_refuses_a_tangent_of_another_shape(point):
    with pytest.raises(ShapeError, match=r"tangent \(2,\), w \(3,\)"):
        jvp(on_nodes, point, (np.ones((2, 3)), np.ones(2)))


def test_jvp_wants_a_tangent_for_each_x(point):
    with pytest.raises(GraphError, match=r"one tangent for each x is needed, 2; got 1"):
        jvp(on_nodes, point, (np.ones((2, 3)),))


# ------------------------------------------------------------------------------ numerical_gradient

SMOOTH = (
    (math.sin, math.cos),
    (math.exp, math.exp),
    (lambda x: x**3, lambda x: 3 * x * x),
    (lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
)


@pytest.mark.parametrize(("f", "slope"), SMOOTH)
@pytest.mark.parametrize("x", [-2.0, 0.3, 1.0])
def test_central_differences_reach_nine_digits(f, slope, x):
    got = numerical_gradient(f, x)
    assert got == pytest.approx(slope(x), rel=1e-9, abs=1e-10) and type(got) is float


def test_the_error_falls_with_the_square_of_h_so_the_difference_is_central():
    errors = [abs(numerical_gradient(h_of_g_of_f, 1.0, h=h) - -10.933563) for h in (1e-2, 1e-3)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.05)
    exact = math.cos(9) * 12
    assert numerical_gradient(h_of_g_of_f, 1.0, h=1e-5) - exact == pytest.approx(2.4e-8, abs=2e-9)
    assert abs(numerical_gradient(h_of_g_of_f, 1.0, h=1e-12) - exact) > 1e-5


def test_every_entry_of_an_array_has_its_own_difference(rng):
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    got = numerical_gradient(lambda x: np.sum(w * np.sin(x)), x)
    np.testing.assert_allclose(got, w * np.cos(x), rtol=1e-8, atol=1e-9)


def test_large_numbers_get_a_large_step():
    assert numerical_gradient(lambda x: x * x, 1e8) == pytest.approx(2e8, rel=1e-9)


def test_two_arguments_give_two_gradients(rng):
    x, y = rng.normal(size=(2, 3)), rng.normal(size=3)
    dx, dy = numerical_gradient(lambda x, y: np.sum(x * x * y), (x, y))
    np.testing.assert_allclose(dx, 2 * x * y, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(dy, (x * x).sum(axis=0), rtol=1e-8, atol=1e-9)
    assert numerical_gradient(lambda x, y: x * y, (2.0, 5.0)) == pytest.approx((5.0, 2.0))


def test_it_costs_two_calls_for_every_entry_and_one_to_look():
    calls = []
    numerical_gradient(lambda x: calls.append(1) or np.sum(x), np.ones((2, 3)))
    assert len(calls) == 2 * 6 + 1


def test_an_array_of_integers_is_refused_with_the_cure():
    with pytest.raises(InputError, match=r"x is an array of int64.*x.astype\(float\)"):
        numerical_gradient(lambda x: np.sum(x**2), np.array([1, 2, 3]))


def test_a_plain_whole_number_and_a_list_are_taken_as_floats():
    assert numerical_gradient(lambda x: x * x, 3) == pytest.approx(6.0)
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sum(x * x), [1, 2, 3]), [2, 4, 6])


def test_float32_gets_a_step_that_survives_rounding():
    x = np.array([0.5, 1.5, -2.5], np.float32)
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sum(x * x), x), 2 * x, rtol=1e-3)


def test_an_argument_that_f_writes_into_is_left_as_it_was():
    def f(x):
        x[0] = 7.0
        return np.sum(x)

    x = np.array([1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        numerical_gradient(f, x)
    np.testing.assert_array_equal(x, [1.0, 2.0])
    assert x.flags.writeable


def test_an_argument_is_left_as_it_was_when_f_raises_half_way():
    calls = []

    def f(x):
        calls.append(x.copy())
        if len(calls) == 3:
            raise OSError("half way")
        return np.sum(x)

    x = np.array([1.0, 2.0])
    with pytest.raises(OSError, match="half way"):
        numerical_gradient(f, x)
    assert not np.array_equal(calls[-1], x)  # f was called with a nudged argument
    np.testing.assert_array_equal(x, [1.0, 2.0])


@pytest.mark.parametrize("bad", ["3", None, 1j, math.nan, [1.0, math.nan]])
def test_an_argument_that_is_no_number_is_refused_before_f_is_called(bad):
    with pytest.raises(InputError, match=r"^x"):
        numerical_gradient(lambda x: pytest.fail("f was called"), bad)


def test_a_function_of_many_values_is_refused():
    with pytest.raises(GraphError, match=r"must return a single number; got shape \(2,\)"):
        numerical_gradient(lambda x: x * 2, np.ones(2))


def test_a_step_that_is_lost_in_rounding_is_refused():
    with pytest.raises(InputError, match="h = 1e-20 is lost in rounding"):
        numerical_gradient(lambda x: x * x, 1.0, h=1e-20)
    with pytest.raises(InputError, match="h = 1e-09 is lost in rounding"):
        numerical_gradient(lambda x: np.sum(x * x), np.ones(2, np.float32), h=1e-9)


def test_numpys_warnings_stay_inside():
    assert math.isnan(numerical_gradient(lambda x: np.log(x), -1.0))
