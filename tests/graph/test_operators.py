"""A node is written with like an array: each operator and numpy function is the gate of the same meaning."""

import numpy as np
import pytest

import bplib
from bplib import Node, gates
from bplib.errors import GraphError, ShapeError

X = np.array([[0.5, -1.5, 2.5], [3.5, 4.5, -5.5]])
W = np.array([[1.0, -2.0], [3.0, 4.0], [-5.0, 6.0]])
WRITTEN = [
    (lambda x: x @ W, gates.Matmul),
    (lambda x: W @ x, gates.Matmul),
    (lambda x: np.matmul(x, W), gates.Matmul),
    (lambda x: np.matmul(W, x), gates.Matmul),
    (lambda x: x[0], gates.GetItem),
    (lambda x: x[:, [0, 2, 0]], gates.GetItem),
    (lambda x: x[X > 0], gates.GetItem),
    (lambda x: x[..., None, 1], gates.GetItem),
    (lambda x: x.reshape(3, 2), gates.Reshape),
    (lambda x: x.reshape((3, -1)), gates.Reshape),
    (lambda x: x.reshape(-1), gates.Reshape),
    (lambda x: np.reshape(x, (6, 1)), gates.Reshape),
    (lambda x: x.T, gates.Transpose),
    (lambda x: x.transpose(), gates.Transpose),
    (lambda x: x.transpose(1, 0), gates.Transpose),
    (lambda x: x.transpose((0, 1)), gates.Transpose),
    (lambda x: np.transpose(x, (1, 0)), gates.Transpose),
    (lambda x: np.transpose(x), gates.Transpose),
    (lambda x: x.mean(), gates.Mean),
    (lambda x: x.mean(axis=0, keepdims=True), gates.Mean),
    (lambda x: np.mean(x, axis=1), gates.Mean),
    (lambda x: x.sum(axis=(0, 1)), gates.Sum),
    (lambda x: np.sum(x, axis=1, keepdims=True), gates.Sum),
    (lambda x: abs(x), gates.Abs),
    (lambda x: np.abs(x), gates.Abs),
    (lambda x: np.cos(x), gates.Cos),
    (lambda x: np.tan(x), gates.Tan),
    (lambda x: np.sqrt(x * x), gates.Sqrt),
]


@pytest.mark.parametrize(("write", "gate"), WRITTEN)
def test_what_is_written_on_an_array_can_be_written_on_a_node(write, gate):
    out = write(Node(X, "x"))
    assert type(out.gate) is gate
    np.testing.assert_array_equal(out.value, write(X))


@pytest.mark.parametrize(("write", "gate"), WRITTEN)
def test_its_gradient_is_the_numerical_one(write, gate):
    upstream = np.random.default_rng(0).normal(size=np.shape(write(X)))
    wanted = bplib.numerical_gradient(lambda x: np.sum(upstream * write(x)), X)
    np.testing.assert_allclose(bplib.vjp(write, X, upstream), wanted, rtol=1e-6, atol=1e-8)


def test_a_node_can_be_taken_apart_row_by_row():
    def f(x):
        first, second = x
        return np.sum(first * second)

    assert len(Node(X)) == 2
    np.testing.assert_array_equal(bplib.grad(f)(X), X[::-1])


def test_nodes_can_be_put_together():
    def f(x, y):
        return np.sum(bplib.concatenate([x, y], axis=-1) @ np.arange(5.0))

    dx, dy = bplib.grad(f)(X, X[:, :2])
    np.testing.assert_array_equal(dx, [[0, 1, 2]] * 2)
    np.testing.assert_array_equal(dy, [[3, 4]] * 2)


def test_a_network_is_written_with_the_functions_of_the_contents_page():
    def loss(x, W1, b1, W2, b2):
        return bplib.softmax_with_loss(bplib.affine(bplib.relu(bplib.affine(x, W1, b1)), W2, b2), [1, 0])

    rng = np.random.default_rng(1)
    inputs = [rng.normal(size=shape) for shape in ((2, 3), (3, 4), (4,), (4, 2), (2,))]
    gradients = bplib.grad(loss)(*inputs)
    numerical = bplib.numerical_gradient(loss, tuple(inputs))
    for got, wanted in zip(gradients, numerical, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("write", "error", "words"),
    [
        (lambda x: x[2], ShapeError, r"GetItem.forward: index 2 .*got x \(2, 3\), index 2"),
        (lambda x: x @ X, ShapeError, r"Matmul.forward: .*got A \(2, 3\), B \(2, 3\)"),
        (lambda x: x.reshape(4), ShapeError, r"Reshape.forward: .*got x \(2, 3\)"),
        (lambda x: x.mean(axis=5), ShapeError, r"Mean.forward: axis 5.*got x \(2, 3\)"),
        (lambda x: np.median(x), GraphError, "use node.value"),
    ],
)
def test_what_does_not_fit_is_said_in_the_words_of_the_gate(write, error, words):
    with pytest.raises(error, match=words):
        write(Node(X, "x"))


def test_an_index_shows_in_the_trace_as_plain_text():
    trace = bplib.record(lambda x: x[0, 1:].sum(), x=X)
    assert trace.to_dict()["nodes"][1]["parameters"] == {"index": "(0, slice(1, None, None))"}
