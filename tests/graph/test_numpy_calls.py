"""numpy's functions called on nodes: the gate of the same meaning, numpy's answer, or a message."""

import numpy as np
import pytest

import bplib as bp
from bplib import Node
from bplib.errors import GraphError

X = np.array([[0.5, -1.5, 2.5], [3.5, 4.5, -5.5]])
Y = np.array([[1.0, 2.0, -1.0], [0.5, -0.25, 4.0]])

REACH_A_GATE = [
    lambda x: np.sum(x, axis=1, keepdims=True),
    lambda x: np.sum(x, 0),
    lambda x: np.mean(x, axis=(0, 1)),
    lambda x: np.max(x, axis=0),
    lambda x: np.amin(x),
    lambda x: np.var(x, axis=1),
    lambda x: np.std(x),
    lambda x: np.prod(x, axis=1),
    lambda x: np.cumsum(x, axis=1),
    lambda x: np.linalg.norm(x),
    lambda x: np.linalg.norm(x, axis=1, keepdims=True),
    lambda x: np.linalg.norm(x, "fro"),
    lambda x: np.concatenate([Y, x, x], axis=1),
    lambda x: np.concatenate([x, Y], axis=None),
    lambda x: np.stack([x, Y], axis=-1),
    lambda x: np.where(X > 0, x, Y),
    lambda x: np.where(X > 0, 0.0, x * x),
    lambda x: np.clip(x, -1.0, 1.0),
    lambda x: np.minimum(x, Y),
    lambda x: np.dot(x, Y.T),
    lambda x: np.dot(Y.T, x),
    lambda x: np.dot(2.0, x),
    lambda x: np.linalg.matmul(Y.T, x),
    lambda x: np.einsum("ij,kj->ik", x, Y),
    lambda x: np.expand_dims(x, (0, 2)),
    lambda x: np.squeeze(np.expand_dims(x, 1)),
    lambda x: np.swapaxes(x, 0, 1),
    lambda x: np.matrix_transpose(x),
    lambda x: np.transpose(x, axes=(1, 0)),
    lambda x: np.reshape(x, shape=(3, 2)),
    lambda x: np.ravel(x) * np.copy(x).reshape(-1),
    lambda x: np.broadcast_to(x, (2, 2, 3)),
    lambda x: np.pad(x, 1),
    lambda x: np.split(x, 3, axis=1)[1],
    lambda x: np.arctan(x) + np.log1p(np.square(x)) + np.expm1(x) * np.sinh(x) - np.positive(x),
    lambda x: np.power(x, 3) / np.exp(x) - np.true_divide(Y, 2 + np.cos(x)),
    lambda x: x.max(axis=1) + x.min(1) * x.var() - x.std(axis=1, keepdims=True),
    lambda x: x.prod() * x.cumsum(axis=0) + x.clip(0, 1) - x.dot(Y.T)[0, 0],
    lambda x: x.flatten() * x.ravel() * x.swapaxes(0, 1).T.reshape(-1),
]


@pytest.mark.parametrize("f", REACH_A_GATE)
def test_a_call_on_a_node_has_the_value_and_the_gradient_of_the_call_on_an_array(f):
    upstream = np.random.default_rng(1).normal(size=np.shape(f(X)))
    out = f(Node(X, "x"))
    np.testing.assert_allclose(out.value, f(X), rtol=1e-14)
    wanted = bp.numerical_gradient(lambda x: np.sum(upstream * f(x)), X)
    np.testing.assert_allclose(bp.vjp(f, X, upstream), wanted, rtol=1e-6, atol=1e-7)


MADE_OF_GATES = [
    lambda x: np.flip(x, 1) * np.fliplr(x) + np.roll(np.flipud(x), 2, axis=1),
    lambda x: np.rot90(x) * np.rollaxis(x, 1) + np.moveaxis(x, 0, 1),
    lambda x: np.repeat(x, [2, 1], axis=0) + np.roll(np.resize(x, (3, 3)), 4),
    lambda x: np.tile(x, (2, 1, 2)) * np.take(np.tile(x, 2), [0, 1, 0, 5, 0, 2], axis=-1),
    lambda x: np.compress([True, False, True], x, axis=1) - np.delete(x, 1, axis=1),
    lambda x: np.take_along_axis(x, np.argsort(-X, axis=1), axis=1),
    lambda x: np.diag(x[0]) + np.diagflat(x[1]) * np.diagonal(np.resize(x, (3, 3)), 1)[0],
    lambda x: np.tril(x) * Y + np.triu(x, 1),
    lambda x: np.atleast_3d(x) * np.atleast_2d(x[0])[..., None] - np.atleast_1d(x[0, 0]),
    lambda x: np.array_split(x, 2, axis=1)[0] * np.hsplit(x, [2])[0] + np.vsplit(x, 2)[1][:, 1:],
    lambda x: np.dsplit(np.atleast_3d(x), 1)[0],
    lambda x: np.vstack([x, Y, x[0]]) * np.hstack([x[:, :1], Y[:, 1:]])[1],
    lambda x: np.dstack((x, Y, x * x)),
    lambda x: np.column_stack([x, [7.0, 8.0], x[:, 0]]),
    lambda x: np.sort(x) + np.sort(x, axis=0) * np.sort(x, axis=None)[2],
    lambda x: np.append(x, [1.0, 2.0]) * np.append(Y, x[0, :2]) + np.append(x, Y[:1], axis=0)[2, 0],
    lambda x: np.outer(x, Y[0]) + np.outer(Y, x[1]),
    lambda x: np.kron(x, Y)[1:3] - np.kron(Y[0], x),
    lambda x: np.inner(x, Y) + np.inner(Y[0], x[1]),
    lambda x: np.vdot(x, Y) * np.vecdot(x, Y),
    lambda x: np.tensordot(x, Y) * np.tensordot(x, Y, axes=(0, 0)) + np.tensordot(Y, x, ([1], [1]))[0, 1],
    lambda x: np.tensordot(np.stack([x, Y, x * x, Y]), x, axes=([2, 1], [1, 0])),
    lambda x: np.tensordot(x, Y, 0),
    lambda x: np.trace(x) * np.trace(np.resize(x, (2, 3, 3)), 1, axis1=1, axis2=2),
    lambda x: np.diff(x) * np.diff(x, axis=0)[:, 1:] + np.diff(x, 2, axis=1),
    lambda x: np.average(x) * np.average(x, axis=0, weights=[1.0, 3.0]) + np.average(x, weights=Y * Y),
    lambda x: np.average(Y, axis=1, weights=x * x, keepdims=True) - np.ptp(x, axis=1, keepdims=True),
    lambda x: np.exp2(x) + np.log2(x * x) - np.log10(x * x) * np.ptp(x),
    lambda x: np.deg2rad(x) * np.degrees(x) + np.rad2deg(x) * np.radians(x),
    lambda x: np.fabs(x) + np.fmax(x, Y) * np.fmin(Y, x) + np.float_power(x, 2),
    lambda x: np.arcsin(x / 6) * np.arccos(x / 7) - np.arctanh(x / 8),
    lambda x: np.arcsinh(x * x * x) * np.arccosh(1.5 + x * x),
    lambda x: np.logaddexp(x, Y) * np.logaddexp(Y, 3 * x),
    lambda x: np.remainder(x, 2.0) * np.mod(Y, 1.1 * x),
    lambda x: (x % 3.0) * (7.3 % x) - Y % (1.1 * x),
    lambda x: np.clip(x, a_min=-1.0, a_max=3.0) * np.clip(x, None, 2.0) + np.clip(x, a_min=0, a_max=None),
]


@pytest.mark.parametrize("f", MADE_OF_GATES)
def test_what_is_made_of_gates_has_the_value_of_numpy_and_both_derivatives(f):
    rng = np.random.default_rng(2)
    upstream, v = rng.normal(size=np.shape(f(X))), rng.normal(size=X.shape)
    loss = lambda x: np.sum(upstream * f(x))  # noqa: E731
    np.testing.assert_allclose(f(Node(X, "x")).value, f(X), rtol=1e-13)
    np.testing.assert_allclose(
        bp.grad(loss)(X), bp.numerical_gradient(loss, X), rtol=1e-5, atol=1e-6 * abs(upstream).max()
    )
    h = 1e-5
    second = (bp.grad(loss)(X + h * v) - bp.grad(loss)(X - h * v)) / (2 * h)
    np.testing.assert_allclose(bp.hvp(loss, X, v), second, rtol=1e-5, atol=1e-5 * abs(second).max())
    assert f(Node(X.astype(np.float32))).dtype == f(X.astype(np.float32)).dtype


@pytest.mark.parametrize("x", [-1e9, -3.0, -1e-9, 0.0, 1e-12, 2.0, 1e9])
def test_inverse_functions_keep_their_digits(x):
    assert np.arcsinh(Node(x)).value == pytest.approx(np.arcsinh(x), rel=1e-14)
    assert bp.grad(np.arcsinh)(x) == pytest.approx(1 / np.sqrt(1 + x * x), rel=1e-13)
    s = np.tanh(x)
    if abs(s) < 1:
        for f, slope in [(np.arctanh, 1 / (1 - s * s)), (np.arcsin, (1 - s * s) ** -0.5)]:
            assert f(Node(s)).value == pytest.approx(f(s), rel=1e-14, abs=1e-300)
            assert bp.grad(f)(s) == pytest.approx(slope, rel=1e-12)
    assert np.logaddexp(Node(x), -1e20).value == x
    assert bp.grad(np.logaddexp)(x, x) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: np.flip(x, 5), r"np.flip: axis 5 is out of bounds.*got x \(2, 3\)"),
        (lambda x: np.vsplit(x, 4), "np.vsplit: array split does not result in an equal division"),
        (lambda x: np.repeat(x, -1), "np.repeat: negative dimensions"),
        (lambda x: np.take(x, [99]), r"np.take: index 99 is out of bounds .*got x \(2, 3\)"),
        (lambda x: np.vstack([x, np.ones(4)]), r"np.vstack: .* match exactly.*got x \(2, 3\), \(4,\)"),
        (lambda x: np.diff(x, axis=2), "np.moveaxis: source: axis 2 is out of bounds"),
        (lambda x: np.tensordot(x, Y, 1), r"np.tensordot: the summed axes must be as long; got x .*, y"),
    ],
)
def test_what_numpy_refuses_is_a_shape_error_with_every_shape(call, words):
    with pytest.raises(bp.ShapeError, match=words):
        call(Node(X))


@pytest.mark.parametrize(
    "f",
    [
        *(np.flip, np.sort, np.tril),
        lambda x: np.tile(x, 2),
        lambda x: np.append(x, [1.0]),
        lambda x: np.tensordot(x, x, (0, 0)),
        lambda x: np.outer(x, [1.0, 2.0]),
        lambda x: np.kron(x, Y),
        lambda x: np.vstack([x, Y]),
    ],
)
def test_no_rows_are_moved_as_numpy_moves_them(f):
    x = np.zeros((0, 3))
    np.testing.assert_array_equal(f(Node(x)).value, f(x))
    assert bp.grad(lambda x: np.sum(f(x)))(x).shape == x.shape


@pytest.mark.parametrize("f", [np.vstack, np.hstack, np.dstack, np.column_stack, lambda xs: np.append(*xs)])
def test_arrays_and_nodes_are_put_together_whatever_they_are(f):
    for parts in ([Node([1.0, 2.0]), [3, 4]], [np.array([3, 4]), Node([1.0, 2.0])]):
        np.testing.assert_array_equal(f(parts).value, f([getattr(p, "value", p) for p in parts]))


ASK = [
    lambda x: (*np.shape(x), np.ndim(x), np.size(x)),
    lambda x: np.argmax(x, axis=1),
    lambda x: np.argsort(x),
    lambda x: np.isfinite(x) & np.isnan(x),
    lambda x: np.nonzero(x),
    lambda x: [np.array_equal(x, X), np.allclose(x, Y), np.any(x), np.all(x), np.count_nonzero(x)],
    lambda x: np.zeros_like(x),
    lambda x: np.isclose(X, x),
    lambda x: np.not_equal(x, Y) | np.equal(X, x) & (x != 0.5),
]


@pytest.mark.parametrize("ask", ASK)
def test_what_only_asks_about_the_numbers_is_answered_by_numpy(ask):
    np.testing.assert_array_equal(ask(Node(X)), ask(X))


NO_GATE = [
    (lambda x: np.linalg.det(x), r"np.linalg.det of a node has no gate in bplib: write your own.*apply\(\)"),
    (lambda x: np.fft.fft(x), "np.fft.fft of a node has no gate"),
    (lambda x: np.median(x), "np.median of a node has no gate"),
    (lambda x: np.sign(x), r"np.sign has no gate in bplib: write np.where\(node.value > 0"),
    (lambda x: np.average(x, returned=True), "np.average of a node: returned cannot be chosen"),
    (lambda x: np.delete(x, x[0, 0]), "np.delete: of its arguments only the first may be a node"),
    (lambda x: np.take_along_axis(X, x, 0), "np.take_along_axis: of its arguments only the first may be"),
    (lambda x: np.roll(X, x[0, 0]), "turning a node into an array would leave the graph"),
    (lambda x: np.outer(x, Y, out=np.empty((6, 6))), "np.outer of a node: out cannot be chosen"),
    (lambda x: np.hypot(x, Y), r"np.hypot has no gate in bplib: write np.sqrt\(x \* x \+ y \* y\)"),
    (lambda x: np.cbrt(x), r"np.cbrt has no gate in bplib: write your own"),
    (lambda x: np.exp(x, out=X.copy()), r"np.exp\(…, out=array\).*write array = array \+ node"),
    (lambda x: np.add(X, x, out=X.copy()), r"np.add\(…, out=array\), as array \+= node"),
    (lambda x: np.add.at(X.copy(), 0, x[0]), r"np.add.at has no gate"),
    (lambda x: np.maximum.reduce(x), r"np.maximum.reduce has no gate in bplib: take np.sum, np.prod, np.max"),
    (lambda x: np.sum(x, where=X > 0), "np.sum of a node: where cannot be chosen"),
    (lambda x: np.sum(x, dtype=int), "sum of a node: dtype"),
    (lambda x: np.mean(x, out=X.copy()), "mean of a node: dtype and out"),
    (lambda x: np.linalg.norm(x, 1), "np.linalg.norm of a node: ord is 1"),
    (lambda x: np.exp(x, where=X > 0), "np.exp of a node: where cannot be chosen"),
    (lambda x: np.stack([x, x], out=np.empty((2, 2, 3))), "np.stack of a node: out cannot be chosen"),
]


@pytest.mark.parametrize(("call", "words"), NO_GATE)
def test_a_call_without_a_gate_is_named_with_what_to_do(call, words):
    with pytest.raises(GraphError, match=words):
        call(Node(X, "x"))


def test_an_array_is_left_as_it_was_when_a_node_is_added_to_it():
    array = X.copy()
    with pytest.raises(GraphError, match="write array = array"):
        array += Node(X)
    np.testing.assert_array_equal(array, X)
