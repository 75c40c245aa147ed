"""Every gate with its formula and with points to try it at, shared by all tests of gates.

The formulas are written in jax.numpy, or are JAX's own functions: JAX differentiates them without knowing
bplib. Shapes are unequal and larger than 1; no point lies near a kink or a tie, for an entrywise x is an
even number of tenths and a y an odd one.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from bplib import gates

jax.config.update("jax_enable_x64", True)


def tenths(shapes, rng):
    """Numbers between 0.2 and 2 in size: an even number of tenths for x, an odd one for y."""
    return [rng.choice([-1, 1], shape) * x for shape, x in zip(shapes, positive(shapes, rng), strict=True)]


def positive(shapes, rng):
    return [(2 * rng.integers(1, 10, shape) + i) / 10 for i, shape in enumerate(shapes)]


def normal(shapes, rng):
    return [rng.normal(size=shape) for shape in shapes]


def class_indices(shapes, rng):
    """Scores, and a class index for each row."""
    z = rng.normal(size=shapes[0])
    return [z, rng.integers(0, z.shape[-1], z.shape[:-1]).astype(float)]


def one_hot(shapes, rng):
    z, t = class_indices(shapes, rng)
    return [z, np.eye(z.shape[-1])[t.astype(int)]]


def soft(shapes, rng):
    """Scores, and a distribution over the classes for each row."""
    z, t = rng.normal(size=shapes[0]), rng.uniform(0.1, 1.0, shapes[0])
    return [z, t / t.sum(axis=-1, keepdims=True)]


def probabilities(labels):
    """Labels as ``labels`` draws them, beside probabilities in the place of scores."""

    def draw(shapes, rng):
        y, t = soft(shapes, rng)[1], labels(shapes, rng)[1]
        return [y, t]

    return draw


def yes_or_no(shapes, rng):
    return [rng.normal(size=shapes[0]), rng.uniform(size=shapes[0])]


def of_one(*shapes):
    """Points for a gate of one input."""
    return tuple((shape,) for shape in shapes)


ONE = of_one((), (3,), (2, 3), (4, 1, 3))
TWO = (
    ((), ()),
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 3), ()),
    ((), (2, 3)),
    ((4, 1, 3), (2, 1)),
)
ROWS = of_one((3,), (2, 3), (4, 2, 3))
SCORES = of_one((3,), (4, 3), (5, 2))


class Entry(NamedTuple):
    gate: gates.Gate
    formula: Callable
    shapes: tuple = ONE  # of the inputs, one tuple for each point
    draw: Callable = tenths


def distribution(t, z):
    return t if t.ndim == z.ndim else jax.nn.one_hot(t.astype(int), z.shape[-1])


def rows(z):
    return z.shape[0] if z.ndim > 1 else 1


def softmax_with_loss(z, t):
    return -jnp.sum(distribution(t, z) * jax.nn.log_softmax(z)) / rows(z)


def cross_entropy(y, t):
    return -jnp.sum(distribution(t, y) * jnp.log(y)) / rows(y)


def sigmoid_cross_entropy(z, t):
    return -jnp.sum(t * jax.nn.log_sigmoid(z) + (1 - t) * jax.nn.log_sigmoid(-z)) / rows(z)


def hinge(margin):
    def cost(s, t):
        scores, labels = jnp.atleast_2d(s), jnp.atleast_1d(t).astype(int)
        each = [
            sum(jnp.maximum(0, row[j] - row[k] + margin) * (j != k) for j in range(len(row)))
            for row, k in zip(scores, labels, strict=True)
        ]
        return sum(each) / len(each)

    return cost


def quadratic_cost(a, y):
    return jnp.sum((a - y) ** 2) / 2 / rows(a)


def leaky_relu(slope):
    return lambda x: jnp.where(x > 0, x, slope * x)


MATRICES = (
    ((2, 3), (3, 4)),
    ((3,), (3, 4)),
    ((2, 3), (3,)),
    ((3,), (3,)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((3,), (5, 3, 4)),
    ((5, 2, 3), (3,)),
    ((6, 1, 2, 3), (5, 3, 4)),
)

ENTRIES = (
    # entry by entry
    Entry(gates.Add(), lambda x, y: x + y, TWO),
    Entry(gates.Subtract(), lambda x, y: x - y, TWO),
    Entry(gates.Multiply(), lambda x, y: x * y, TWO),
    Entry(gates.Divide(), lambda x, y: x / y, TWO),
    Entry(gates.Max(), jnp.maximum, TWO),
    Entry(gates.Negate(), lambda x: -x),
    Entry(gates.Reciprocal(), lambda x: 1 / x),
    Entry(gates.Square(), lambda x: x**2),
    Entry(gates.Sqrt(), jnp.sqrt, draw=positive),
    Entry(gates.Abs(), jnp.abs),
    Entry(gates.Power(3), lambda x: x**3),
    Entry(gates.Power(-2), lambda x: 1 / (x * x)),
    Entry(gates.Power(0.5), jnp.sqrt, draw=positive),
    Entry(gates.Exp(), jnp.exp),
    Entry(gates.Log(), jnp.log, draw=positive),
    Entry(gates.Sin(), jnp.sin),
    Entry(gates.Cos(), jnp.cos),
    Entry(gates.Tan(), jnp.tan),
    Entry(gates.Sigmoid(), jax.nn.sigmoid),
    Entry(gates.Tanh(), jnp.tanh),
    Entry(gates.Softplus(), jax.nn.softplus),
    Entry(gates.Relu(), jax.nn.relu),
    Entry(gates.LeakyRelu(), leaky_relu(0.01)),
    Entry(gates.LeakyRelu(0.3), leaky_relu(0.3)),
    Entry(gates.Elu(), jax.nn.elu),
    Entry(gates.Elu(1.7), lambda x: jax.nn.elu(x, 1.7)),
    # structure
    Entry(gates.Copy(3), lambda x: jnp.array([x, x, x])),
    Entry(gates.Repeat((4, 2, 3)), lambda x: x + jnp.zeros((4, 2, 3)), of_one((), (3,), (2, 1), (4, 2, 3))),
    Entry(gates.Sum(), jnp.sum),
    Entry(gates.Sum(0), lambda x: jnp.sum(x, axis=0), ROWS),
    Entry(gates.Sum(-1, keepdims=True), lambda x: jnp.sum(x, axis=-1, keepdims=True), ROWS),
    Entry(gates.Sum((0, 2)), lambda x: jnp.sum(x, axis=(0, 2)), of_one((4, 2, 3))),
    Entry(gates.Mean(), jnp.mean),
    Entry(gates.Mean(0), lambda x: jnp.mean(x, axis=0), ROWS),
    Entry(gates.Mean((0, -1), keepdims=True), lambda x: jnp.mean(x, (0, -1), keepdims=True), ROWS[1:]),
    Entry(gates.SquaredNorm(), lambda x: jnp.sum(x * x)),
    Entry(gates.SquaredNorm(-1), lambda x: jnp.sum(x * x, axis=-1), ROWS),
    Entry(gates.Norm(), lambda x: jnp.sqrt(jnp.sum(x * x))),
    Entry(gates.Norm(0), lambda x: jnp.linalg.norm(x, axis=0), ROWS),
    Entry(gates.Norm(-1, keepdims=True), lambda x: jnp.linalg.norm(x, axis=-1, keepdims=True), ROWS),
    Entry(gates.Maxout(), lambda x: jnp.maximum(x[..., ::2], x[..., 1::2]), of_one((6,), (3, 4)), normal),
    Entry(
        gates.Maxout(3),
        lambda x: x.reshape(*x.shape[:-1], -1, 3).max(axis=-1),
        of_one((5, 6), (2, 4, 3)),
        normal,
    ),
    Entry(gates.Reshape((3, 4)), lambda x: x.reshape(3, 4), of_one((12,), (4, 3), (2, 3, 2))),
    Entry(gates.Reshape(-1), lambda x: x.ravel()),
    Entry(gates.Transpose(), lambda x: x.T),
    Entry(gates.Transpose((1, -1, 0)), lambda x: jnp.moveaxis(x, 0, -1), of_one((4, 2, 3))),
    Entry(gates.Concatenate(2), lambda x, y: jnp.concatenate([x, y]), (((2,), (3,)), ((2, 3), (4, 3)))),
    Entry(
        gates.Concatenate(3, axis=-1),
        lambda x, y, z: jnp.concatenate([x, y, z], axis=-1),
        (((2,), (3,), (4,)), ((2, 1), (2, 3), (2, 4))),
    ),
    Entry(gates.GetItem(1), lambda x: x[1], ROWS),
    Entry(gates.GetItem((0, -1)), lambda x: x[0, -1], ROWS[1:]),
    Entry(gates.GetItem(slice(0, None, 2)), lambda x: x[::2], ROWS),
    Entry(gates.GetItem([1, 0, 1]), lambda x: x[jnp.array([1, 0, 1])], ROWS),
    Entry(gates.GetItem(np.array([True, False, True])), lambda x: x[jnp.array([0, 2])], of_one((3,), (3, 2))),
    # matrices
    Entry(gates.Matmul(), jnp.matmul, MATRICES, normal),
    Entry(gates.Affine(), lambda x, W, b: x @ W + b, (((2, 3), (3, 4), (4,)), ((3,), (3, 4), (4,))), normal),
    # softmax and losses
    Entry(gates.Softmax(), jax.nn.softmax, ROWS, normal),
    Entry(gates.LogSoftmax(), jax.nn.log_softmax, ROWS, normal),
    *(Entry(gates.SoftmaxWithLoss(), softmax_with_loss, SCORES, t) for t in (class_indices, one_hot, soft)),
    *(
        Entry(gates.CrossEntropy(), cross_entropy, SCORES, probabilities(t))
        for t in (class_indices, one_hot, soft)
    ),
    Entry(gates.SigmoidCrossEntropy(), sigmoid_cross_entropy, ONE[:3], yes_or_no),
    Entry(gates.QuadraticCost(), quadratic_cost, (((), ()), ((3,), (3,)), ((2, 3), (2, 3))), normal),
    Entry(gates.Hinge(), hinge(1.0), SCORES, class_indices),
    Entry(gates.Hinge(0.3), hinge(0.3), SCORES, class_indices),
    Entry(gates.L2(0.2), lambda W: 0.2 * jnp.sum(W * W)),
)


class Case(NamedTuple):
    """A gate at one point."""

    gate: gates.Gate
    formula: Callable
    xs: tuple

    def __str__(self):
        numbers = ",".join(str(value) for value in self.gate.parameters.values())
        return f"{self.gate.name}({numbers})-" + "-".join(str(np.shape(x)) for x in self.xs)

    @property
    def learned(self):
        """How many inputs have a gradient; the targets come after them."""
        return len(self.gate.inputs) - len(self.gate.targets)


def floats(xs):
    """xs with plain floats in the place of arrays without axes."""
    return tuple(x if np.ndim(x) else float(x) for x in xs)


def cases(rng, entries=ENTRIES):
    return [
        Case(entry.gate, entry.formula, floats(entry.draw(shapes, rng)))
        for entry in entries
        for shapes in entry.shapes
    ]


CASES = tuple(cases(np.random.default_rng(5)))
