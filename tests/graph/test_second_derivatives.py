"""Second derivatives: every gate against JAX and against differences of gradients; by hand; the price."""

import timeit
from time import process_time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import bplib as bp
from bplib import Node, apply, gates
from bplib.errors import GraphError
from tests.gates.catalogue import CASES, floats, stream

pytestmark = pytest.mark.slow

each_case = pytest.mark.parametrize("case", CASES, ids=str)
last_of_each = {id(case.entry): case for case in CASES}  # the largest, with the most to broadcast


def bent(out, weight):
    """A number that depends on out in a curved way, so that the second derivative sees the first."""
    return (weight * out + 0.5 * weight * out * out).sum()


class Point:
    """A case, and numbers of its own: a weight for each entry of out, and a direction for each input."""

    def __init__(self, case):
        rng = stream(str(case), 2)
        self.case, self.xs, self.fixed = case, case.xs[: case.learned], case.xs[case.learned :]
        self.vs = floats([rng.normal(size=np.shape(x)) for x in self.xs])
        self.weight = rng.normal(size=np.shape(case.gate.forward(*case.xs)))

    def f(self, *xs):
        return bent(apply(self.case.gate, *xs, *self.fixed), self.weight)

    def formula(self, *xs):
        fixed = map(jnp.asarray, self.fixed)
        return bent(jnp.asarray(self.case.formula(*xs, *fixed)), self.weight)


@pytest.mark.parametrize("case", last_of_each.values(), ids=str)
def test_the_hessian_of_a_gate_times_a_vector_is_that_of_jax(case):
    point = Point(case)
    arrays, directions = ([jnp.asarray(x, dtype=float) for x in given] for given in (point.xs, point.vs))
    gradient = jax.grad(point.formula, argnums=tuple(range(len(arrays))))
    wanted = jax.jit(lambda xs, vs: jax.jvp(gradient, xs, vs)[1])(tuple(arrays), tuple(directions))
    for mine, oracle in zip(bp.hvp(point.f, point.xs, point.vs), wanted, strict=True):
        assert np.shape(mine) == oracle.shape
        scale = max(1.0, np.abs(oracle).max(initial=0))
        np.testing.assert_allclose(mine, oracle, rtol=1e-9, atol=1e-9 * scale)


@each_case
def test_the_hessian_of_a_gate_times_a_vector_is_the_difference_of_gradients(case):
    """Central, h = 1e-5: the error of h² and the rounding of the gradients / h both stay below 1e-7."""
    point, h = Point(case), 1e-5
    right, left = (
        bp.vjp(point.f, tuple(x + side * v for x, v in zip(point.xs, point.vs, strict=True)), 1.0)
        for side in (h, -h)
    )
    for mine, r, l in zip(bp.hvp(point.f, point.xs, point.vs), right, left, strict=True):
        wanted = (r - l) / (2 * h)
        scale = max(1.0, np.abs(wanted).max(initial=0))
        np.testing.assert_allclose(mine, wanted, rtol=1e-6, atol=1e-6 * scale)


@each_case
def test_forward_over_reverse_and_reverse_over_reverse_agree(case):
    """The transpose of a Hessian is itself: another way through the same rules, to the last digits."""
    point = Point(case)

    def along(*xs):
        found = bp.vjp(point.f, xs, 1.0)
        return sum((g * v).sum() for g, v in zip(found, point.vs, strict=True))

    for mine, other in zip(bp.hvp(point.f, point.xs, point.vs), bp.vjp(along, point.xs, 1.0), strict=True):
        scale = max(1.0, np.abs(mine).max(initial=0))
        np.testing.assert_allclose(mine, other, rtol=1e-11, atol=1e-11 * scale)


# ----------------------------------------------------------------------------------------- by hand


def test_the_second_and_third_derivative_of_a_function_of_one_number():
    f, x = lambda x: np.sin(x) * x**2, 1.3  # f'' = 2 sin x + 4x cos x − x² sin x
    second = 2 * np.sin(x) + 4 * x * np.cos(x) - x * x * np.sin(x)
    third = 6 * np.cos(x) - 6 * x * np.sin(x) - x * x * np.cos(x)
    assert bp.grad(bp.grad(f))(x) == bp.hessian(f)(x) == pytest.approx(second, rel=1e-14)
    assert bp.hvp(f, x, 2.0) == pytest.approx(2 * second, rel=1e-14)
    assert bp.grad(bp.grad(bp.grad(f)))(x) == bp.grad(bp.hessian(f))(x) == pytest.approx(third, rel=1e-14)


@pytest.mark.parametrize(("x", "wanted"), [(0.0, 0.0), (2.0, 0.0), (-3.0, 0.0)])
@pytest.mark.parametrize(
    "f", [bp.relu, abs, lambda x: 3 * x, lambda x: x[()] if x.shape else -x, lambda x: x**1]
)
def test_what_has_no_curve_has_the_second_derivative_zero(f, x, wanted):
    assert bp.grad(bp.grad(f))(x) == bp.hvp(f, x, 1.0) == wanted


def test_the_hessian_of_a_quadratic_form_is_its_matrix():
    A, x = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 4.0]]), np.array([0.5, -1.5, 2.5])
    np.testing.assert_allclose(bp.hessian(lambda x: 0.5 * (x @ A @ x))(x), A, atol=1e-15)
    v = np.array([1.0, 2.0, -1.0])
    np.testing.assert_allclose(bp.hvp(lambda x, b: 0.5 * (x @ A @ x) + b @ x, (x, v), (v, x))[0], A @ v + x)


def test_the_hessian_of_softmax_with_loss_is_known():
    """For one row z and the class t: diag(p) − p pᵀ, whatever t is."""
    z = np.array([0.2, -1.0, 0.7, 0.1])
    p = np.exp(z) / np.exp(z).sum()
    found = bp.hessian(lambda z, t: bp.softmax_with_loss(z, t))(z, 2)
    np.testing.assert_allclose(found, np.diag(p) - np.outer(p, p), rtol=1e-13, atol=1e-16)


def test_a_third_derivative_of_arrays_that_broadcast():
    """f = Σ x² b, b repeated over the rows: H v = 2 b v, and its derivative by b is 2 v, summed over them."""
    x, b, v = np.array([[1.0, 2.0], [3.0, 4.0], [-1.0, 0.5]]), np.array([5.0, 7.0]), np.full((3, 2), 2.0)
    v[0, 1] = -3.0

    def along(b):
        return (bp.hvp(lambda x: (x * x * b).sum(), x, v) * x).sum()

    np.testing.assert_allclose(along(b), (2 * b * v * x).sum())
    np.testing.assert_allclose(bp.grad(along)(b), (2 * v * x).sum(axis=0))


def test_a_hessian_has_the_axes_of_x_twice():
    x = np.arange(1.0, 7.0).reshape(2, 3)
    found = bp.hessian(lambda x: (x**3).sum())(x)
    assert found.shape == (2, 3, 2, 3)
    np.testing.assert_allclose(found.reshape(6, 6), np.diag(6 * x.ravel()))


def test_float32_stays_float32():
    x = np.ones((2, 3), np.float32)
    assert bp.hvp(lambda x: bp.tanh(x * 2.0).sum() ** 2, x, x).dtype == np.float32
    assert bp.hessian(lambda x: bp.sigmoid(x).sum() ** 2)(x).dtype == np.float32


def test_the_dropped_and_the_negative_side_of_the_kinks_that_rules_cross():
    """At 0 σ and softplus are smooth, though their forward is written with |x|."""
    assert bp.grad(bp.grad(bp.softplus))(0.0) == 0.25
    assert bp.grad(bp.grad(lambda z: bp.sigmoid_cross_entropy(z, 0.3)))(0.0) == 0.25


# -------------------------------------------------------------------------- rules that cannot, price


class Cube:
    def forward(self, x):
        return x**3

    def backward(self, upstream, out, x):
        return 3 * upstream * x**2


class RememberedCube(Cube):
    def forward(self, x):
        self.x = x
        return x**3

    def backward(self, upstream):
        return 3 * upstream * self.x**2


class CubeOfNumbers(Cube):
    def backward(self, upstream, out, x):
        return np.asarray(upstream) * 3 * x**2


class CubeThatLooks(Cube):
    def backward(self, upstream, out, x):
        return 3 * getattr(upstream, "value", upstream) * getattr(x, "value", x) ** 2


class CubeInPlace(gates.Gate):
    def forward(self, x):
        return x**3

    def backward(self, upstream, out, x):
        gradient = np.zeros(np.shape(x))
        gradient += 3 * upstream * x**2
        return (gradient,)


def test_a_rule_of_somebody_else_is_differentiated_twice_as_it_stands():
    f, x = lambda x: (apply(Cube, x) * apply(Cube(), x)).sum(), np.array([1.0, -2.0])  # x⁶
    np.testing.assert_allclose(bp.hvp(f, x, np.array([1.0, 3.0])), [30.0, 3 * 30 * 16])


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (RememberedCube, "keeps numbers in self"),
        (CubeOfNumbers, "turning a node into an array"),
        (CubeThatLooks, "returned numbers"),
        (CubeInPlace, "write a node into an array"),
    ],
)
@pytest.mark.parametrize("second", [bp.hessian, lambda f: bp.grad(lambda x: bp.grad(f)(x).sum())])
def test_a_rule_that_cannot_be_differentiated_twice_says_so_by_name(rule, why, second):
    def f(x):
        return apply(rule(), x).sum()

    x = np.array([2.0, 3.0])
    np.testing.assert_allclose(bp.grad(f)(x), [12.0, 27.0])
    with pytest.raises(
        GraphError, match=rf"{rule.__name__}.backward cannot be differentiated a second.*{why}"
    ):
        second(f)(x)


def test_a_rule_that_nothing_moves_is_not_asked():
    data = Node(2.0, "data")
    held = apply(RememberedCube(), data)
    assert bp.hvp(lambda x: held.value * x**2, 3.0, 1.0) == 16.0


@pytest.mark.parametrize(("N", "D", "H"), [(32, 64, 32), (100, 784, 50)])
def test_a_hessian_vector_product_costs_a_few_gradients(N, D, H):
    """In time of the processor; measured: 2.7 and 2.1. The bar is generous, the machine may be busy."""
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(N, D)), rng.integers(0, 10, N)
    params = {
        "W": rng.normal(size=(D, H)),
        "b": np.zeros(H),
        "V": rng.normal(size=(H, 10)),
        "c": np.zeros(10),
    }

    def loss(p):
        return bp.softmax_with_loss(bp.affine(bp.tanh(bp.affine(x, p["W"], p["b"])), p["V"], p["c"]), t)

    gradient = bp.grad(loss)
    pairs = [
        (
            timeit.timeit(lambda: gradient(params), timer=process_time, number=3),
            timeit.timeit(lambda: bp.hvp(loss, params, params), timer=process_time, number=3),
        )
        for _ in range(15)
    ]
    assert np.median([product / one for one, product in pairs]) < 10
