"""Derivatives inside derivatives: by hand, and against JAX."""

import threading

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import bplib as bp
from bplib import Node
from bplib.errors import GraphError

jax.config.update("jax_enable_x64", True)

# f of a number x, with a derivative by y inside; and df/dx by hand, all at any x.
INSIDE = {
    "grad": (lambda x: x * bp.grad(lambda y: x * y)(2.0), lambda x: 2 * x),
    "grad at an outer node": (lambda x: bp.grad(lambda y: x * y * y)(x), lambda x: 4 * x),
    "grad of what does not read x": (lambda x: x * bp.grad(lambda y: y**3)(2.0), lambda x: 12.0),
    "grad by name": (lambda x: bp.grad(lambda y, z: x * y * z)(y=3.0, z=x)["y"], lambda x: 2 * x),
    "grad of a dict": (lambda x: bp.grad(lambda p: x * p["y"] ** 2)({"y": x})["y"], lambda x: 4 * x),
    "the value too": (lambda x: sum(bp.value_and_grad(lambda y: x * y * y)(3.0)), lambda x: 15.0),
    "vjp": (lambda x: bp.vjp(lambda y: np.sin(x * y), 0.0, x * x), lambda x: 3 * x**2),
    "vjp of a constant upstream": (lambda x: bp.vjp(lambda y: x**2 * y, 7.0, 3.0), lambda x: 6 * x),
    "jvp": (lambda x: bp.jvp(lambda y: x * y**2, 3.0, x), lambda x: 12 * x),
    "jvp along a constant": (lambda x: bp.jvp(lambda y: x * x * y, 3.0, 5.0), lambda x: 10 * x),
    "jvp of several": (lambda x: bp.jvp(lambda y, z: x * y * z, (x, 2.0), (1.0, x)), lambda x: 2 + 3 * x**2),
    "jacobian": (
        lambda x: np.sum(bp.jacobian(lambda y: x * y * y, np.array([1.0, 3.0]))),
        lambda x: 8.0,
    ),
    "jacobian at an outer node": (
        lambda x: np.sum(bp.jacobian(lambda y: np.sum(y * y) * y, x * np.array([1.0, 2.0]))),
        lambda x: 2 * x * (2 * 5 + 2 * 9),
    ),
    "hvp": (lambda x: bp.hvp(lambda y: x * y**3, 2.0, x), lambda x: 24 * x),
    "hessian": (lambda x: bp.hessian(lambda y: x * y**3)(x), lambda x: 12 * x),
    "three deep": (
        lambda x: bp.grad(lambda y: bp.grad(lambda z: x * y**2 * z**3)(y))(x),
        lambda x: 48 * x**3,  # ∂/∂z at z = y is 3xy⁴, its derivative at y = x is 12x⁴
    ),
}


@pytest.mark.parametrize(("f", "slope"), INSIDE.values(), ids=INSIDE)
@pytest.mark.parametrize("x", [1.0, -0.7, 2.5])
def test_a_derivative_inside_a_derivative(f, slope, x):
    assert bp.grad(f)(x) == pytest.approx(slope(x), rel=1e-12)
    assert bp.jvp(f, x, 2.0) == pytest.approx(2 * slope(x), rel=1e-12)
    assert bp.numerical_gradient(f, x) == pytest.approx(slope(x), rel=1e-6)


@pytest.mark.parametrize(("f", "slope"), INSIDE.values(), ids=INSIDE)
def test_it_is_the_same_around_a_graph_that_was_made_by_hand(f, slope):
    x = Node(1.3, "x")
    assert bp.gradients(f(x))[x] == pytest.approx(slope(1.3), rel=1e-12)


NUMBERS = {
    "numerical_gradient": lambda x: x * bp.numerical_gradient(lambda y: x * y, 2.0),
    "record": lambda x: x * bp.record(lambda y: x * y, y=2.0).gradient["y"],
}


@pytest.mark.parametrize("f", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("derivative", [bp.grad, bp.hessian, lambda f: lambda x: bp.jvp(f, x, 1.0)])
def test_what_answers_in_numbers_is_refused_inside_a_derivative(f, derivative):
    with pytest.raises(GraphError, match=r"leave the graph of the derivative.*use grad, vjp or jvp"):
        derivative(f)(1.0)


def test_what_does_not_read_the_outer_node_may_answer_in_numbers():
    def f(x):
        return x * bp.numerical_gradient(lambda y: 3 * y, 2.0) * bp.record(lambda y: y * y, y=2).output

    assert bp.grad(f)(5.0) == pytest.approx(12.0)


def test_arrays_in_both_against_jax():
    rng = np.random.default_rng(3)
    A, x = rng.normal(size=(2, 3)), rng.normal(size=3)

    def outer(grad, lib):
        def f(x):
            inner = grad(lambda y: lib.sum(lib.tanh(A @ (x * y)) ** 2))
            return lib.sum(x * inner(lib.sin(x)) ** 3)

        return f

    wanted = jax.grad(outer(jax.grad, jnp))(x)
    np.testing.assert_allclose(bp.grad(outer(bp.grad, np))(x), wanted, rtol=1e-10)


def test_an_outer_derivative_does_not_reach_into_the_inner_inputs():
    """x is one node, and y another that has its value: by y alone, not by both."""
    assert bp.grad(lambda x: bp.grad(lambda y: x * y)(x))(3.0) == 1.0


def test_an_answer_is_a_number_where_nothing_around_it_is_a_node():
    w = Node(3.0, "w")
    assert type(bp.grad(lambda x: x * x)(2.0)) is float
    assert type(bp.grad(lambda x: w + x)(2.0)) is float
    assert isinstance(bp.grad(lambda x: w * x)(2.0), Node)


def test_threads_take_their_own_derivatives():
    w, found = Node(2.0, "w"), {}

    def work(k):
        found[k] = [bp.grad(lambda x: x * bp.grad(lambda y: k * x * y)(1.0))(i + 1.0) for i in range(50)]
        found[k].append(bp.gradients(w * k)[w])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(1, 5):
        assert found[k] == [*(2.0 * k * (i + 1) for i in range(50)), k]


@pytest.mark.parametrize("ways", ["jjj", "jjv", "jvj", "vjj", "jvv", "vjv", "vvj", "vvv"])
@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: x * y.sum(axis=1),  # a linear gate between two that are not
        lambda x, y: np.concatenate([x, y.T[:, :3]]) @ y,
        lambda x, y: np.exp(x.mean(axis=0) * y[:, 1]),
    ],
)
def test_a_third_derivative_is_that_of_a_difference(f, ways):
    """j pushes tangents forward, v pulls an upstream back: each way inside each other."""
    rng = np.random.default_rng(3)
    args = [rng.normal(size=(2, 3)), rng.normal(size=(3, 4))]
    for way in ways[:2]:
        f, more = derived(f, way, args, rng)
        args = args + more
    d, h = [rng.normal(size=x.shape) for x in args], 1e-5
    ahead, behind = (f(*[x + sign * e for x, e in zip(args, d, strict=True)]) for sign in (h, -h))
    moved = (ahead - behind) / (2 * h)
    if ways[2] == "j":
        np.testing.assert_allclose(bp.jvp(f, tuple(args), tuple(d)), moved, rtol=1e-6, atol=1e-6)
    else:
        upstream = rng.normal(size=moved.shape)
        pulled = sum(np.vdot(g, e) for g, e in zip(bp.vjp(f, tuple(args), upstream), d, strict=True))
        assert pulled == pytest.approx(np.vdot(upstream, moved), rel=1e-6, abs=1e-6)


def derived(f, way, args, rng):
    """The derivative of f, as a function of what f takes and of the further arguments that are returned."""
    n = len(args)
    if way == "j":
        return lambda *xs: bp.jvp(f, tuple(xs[:n]), tuple(xs[n:])), [rng.normal(size=x.shape) for x in args]
    pulled = lambda *xs: bp.vjp(f, tuple(xs[:n]), xs[n])  # noqa: E731
    upstream = rng.normal(size=np.shape(f(*args)))
    return lambda *xs: np.concatenate([np.reshape(g, -1) for g in pulled(*xs)]), [upstream]
