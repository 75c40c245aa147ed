"""The derivative that checks trust, also beside singularities and kinks, where a fixed step fails."""

import math

import numpy as np
import pytest

from bplib import numerical_gradient
from bplib.check.differences import careful_vjp, differentiate
from bplib.check.rounding import grain_of

SMOOTH = {
    "exp": (math.exp, math.exp, 1.3),
    "sin": (math.sin, math.cos, -2.0),
    "x⁵": (lambda x: x**5, lambda x: 5 * x**4, 3.0),
    "far from 0": (lambda x: x**2, lambda x: 2 * x, 1e6),
    "close to 0": (lambda x: x**2, lambda x: 2 * x, 1e-4),
    "constant": (lambda x: 7.0, lambda x: 0.0, 1.0),
}
EDGES = {
    f"{name} at {x:g}": (f, slope, x)
    for x in (5e-3, 1e-3, 1e-5, 1e-7)
    for name, f, slope in (
        ("1/x", lambda x: 1 / x, lambda x: -1 / x**2),
        ("log", np.log, lambda x: 1 / x),
        ("root", np.sqrt, lambda x: 0.5 / math.sqrt(x)),
        ("relu", lambda x: max(x, 0.0), lambda x: 1.0),
        ("abs", lambda x: abs(-x), lambda x: 1.0),
    )
}


def slope_of(f, x):
    return float(careful_vjp(f, (x,), 0, 1.0))


@pytest.mark.parametrize(("f", "slope", "x"), [*SMOOTH.values(), *EDGES.values()], ids=[*SMOOTH, *EDGES])
def test_a_slope_is_right_to_seven_digits_also_beside_an_edge(f, slope, x):
    assert slope_of(f, x) == pytest.approx(slope(x), rel=2e-7, abs=1e-12)


def test_a_fixed_step_would_not_do():
    assert numerical_gradient(lambda x: 1 / x, 1e-3) != pytest.approx(-1e6, rel=1e-6)


def test_the_doubt_covers_the_error_and_grows_at_a_noisy_function():
    for x in (0.3, 1.0, 2.0):
        slope = differentiate(lambda s, x=x: np.exp(x + s))
        assert abs(slope.value - np.exp(x)) <= slope.doubt < 1e-6
    rng = np.random.default_rng(0)
    assert differentiate(lambda s: np.exp(1.0 + s) + 1e-3 * rng.normal()).doubt > 0.01


def test_a_function_that_rounds_to_float32_gets_a_longer_step():
    def f(x):
        return float(np.sin(np.float32(x)))

    assert slope_of(f, 1.0) == pytest.approx(math.cos(1.0), rel=1e-4)
    assert grain_of([float(np.float32(0.1))]) > 1e-9 > 1e-16 > grain_of([0.1])


def test_a_vjp_of_arrays_leaves_its_arguments_alone(rng):
    x, y, upstream = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=(2, 3))
    before = x.copy(), y.copy()
    assert np.allclose(careful_vjp(np.multiply, (x, y), 0, upstream), upstream * y, rtol=1e-9)
    assert np.allclose(careful_vjp(np.multiply, (x, y), 1, upstream), (upstream * x).sum(axis=0), rtol=1e-9)
    assert np.array_equal(x, before[0]) and np.array_equal(y, before[1])


def test_outside_the_domain_there_is_no_slope():
    assert math.isnan(slope_of(np.log, -1.0))
