"""Every gate with its formula and with points to try it at, shared by all tests of gates.

The formulas are written in jax.numpy, or are JAX's own functions: JAX differentiates them without knowing
bplib. Shapes are unequal and larger than 1; no point lies near a kink or a tie, for an entrywise x is an
even number of tenths and a y an odd one.

A new gate is one line here, and the tests follow: of all rules, of random graphs, of the browser's copy.
"""

import zlib
from collections.abc import Callable
from functools import partial
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
SCORES = of_one((3,), (4, 3), (5, 2), (3, 2, 4))
SAME = (((), ()), ((3,), (3,)), ((2, 3), (2, 3)), ((2, 1, 4), (2, 1, 4)))


class Entry(NamedTuple):
    """A line of the catalogue.

    formula       the same by JAX
    shapes        of the inputs, one tuple for each point
    draw          (shapes, rng) -> the inputs: numbers from the domain of the gate
    everywhere    whether value and gradient are finite at ±1000 too
    """

    gate: gates.Gate
    formula: Callable
    shapes: tuple = ONE
    draw: Callable = tenths
    everywhere: bool = True


def distribution(t, z):
    return t if t.ndim == z.ndim else jax.nn.one_hot(t.astype(int), z.shape[-1])


def rows(z):
    return z.shape[0] if z.ndim > 1 else 1


def rows_of_scores(z):
    return z.size / z.shape[-1]


def softmax_with_loss(z, t):
    return -jnp.sum(distribution(t, z) * jax.nn.log_softmax(z)) / rows_of_scores(z)


def cross_entropy(y, t):
    return -jnp.sum(distribution(t, y) * jnp.log(y)) / rows_of_scores(y)


def sigmoid_cross_entropy(z, t):
    return -jnp.sum(t * jax.nn.log_sigmoid(z) + (1 - t) * jax.nn.log_sigmoid(-z)) / rows(z)


def hinge(margin):
    def cost(s, t):
        true = distribution(t, s) == 1
        of_true = jnp.sum(s, axis=-1, keepdims=True, where=true)
        return jnp.sum(jnp.maximum(0, s - of_true + margin), where=~true) / rows_of_scores(s)

    return cost


def quadratic_cost(a, y):
    return jnp.sum((a - y) ** 2) / 2 / rows(a)


def huber(delta):
    def cost(a, y):
        e = jnp.abs(a - y)
        return jnp.mean(jnp.where(e <= delta, e * e / 2, delta * (e - delta / 2)))

    return cost


def convolution(stride, padding):
    """JAX's own; stride and padding a number for each axis. The zeros of the padding take part."""

    def convolve(x, W):
        x = jnp.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
        return jax.lax.conv_general_dilated(x, W, stride, "VALID")

    return convolve


def pooled(of_window, *options, border):
    """of_window of each slice of x, taken one by one; an option is a number for all axes, or one for each."""

    def each(option, x):
        return option if isinstance(option, tuple) else (option,) * (x.ndim - 2)

    def pool(x):
        kernel, stride, padding = (each(option, x) for option in options)
        x = jnp.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)], constant_values=border)
        places = [(n - k) // s + 1 for n, k, s in zip(x.shape[2:], kernel, stride, strict=True)]
        seen = [
            x[:, :, *(slice(i * s, i * s + k) for i, s, k in zip(at, stride, kernel, strict=True))]
            for at in np.ndindex(*places)
        ]
        axes = tuple(range(2, x.ndim))
        return jnp.stack([of_window(one, axis=axes) for one in seen], axis=-1).reshape(*x.shape[:2], *places)

    return pool


def patches(x):
    """What a window of 2 × 3 sees of x, with stride (1, 2) and padding (1, 0) of 0.5."""
    x = jnp.pad(x, ((0, 0), (0, 0), (1, 1), (0, 0)), constant_values=0.5)
    down, right = x.shape[2] - 1, (x.shape[3] - 3) // 2 + 1
    rows = [[x[:, :, i : i + 2, 2 * j : 2 * j + 3] for j in range(right)] for i in range(down)]
    seen = jnp.stack([jnp.stack(row, axis=-1) for row in rows], axis=-2)  # (N, C, 2, 3, down, right)
    return jnp.moveaxis(seen, 0, 3)


def fold(y):
    """Each patch of 3 laid back into a row of 7, two apart, with a border of 1 cut off."""
    row = jnp.zeros((3, 2, 9))
    for i in range(y.shape[-1]):
        row = row.at[:, :, 2 * i : 2 * i + 3].add(jnp.moveaxis(y[..., i], 1, -1))
    return jnp.moveaxis(row[:, :, 1:8], 0, 1)


def normalized(axes, facing, eps):
    def norm(x, gamma, beta):
        axis = axes(x)
        mean, var = jnp.mean(x, axis, keepdims=True), jnp.var(x, axis, keepdims=True)
        return facing(gamma, x) * (x - mean) / jnp.sqrt(var + eps) + facing(beta, x)

    return norm


def but_channels(x):
    return (0, *range(2, x.ndim))


def of_channels(parameter, x):
    return parameter.reshape(-1, *[1] * (x.ndim - 2))


def batch_norm_after_training(mean, var):
    def norm(x, gamma, beta):
        m, v, g, b = (of_channels(jnp.asarray(p), x) for p in (mean, var, gamma, beta))
        return g * (x - m) / jnp.sqrt(v + 1e-5) + b

    return norm


def attention(mask):
    def out(Q, K, V):
        scores = jnp.einsum("...td,...sd->...ts", Q, K) / jnp.sqrt(Q.shape[-1])
        return jax.nn.softmax(scores if mask is None else jnp.where(mask, scores, -jnp.inf)) @ V

    return out


def words(shapes, rng):
    """A matrix of rows, and indices of them."""
    W = rng.normal(size=shapes[0])
    return [W, rng.integers(0, len(W), shapes[1]).astype(float)]


def above_minus_one(shapes, rng):
    return [x - 0.95 for x in positive(shapes, rng)]


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
    Entry(gates.Sqrt(), jnp.sqrt, draw=positive, everywhere=False),
    Entry(gates.Abs(), jnp.abs),
    Entry(gates.Power(0), jnp.ones_like),
    Entry(gates.Power(1), lambda x: x),
    Entry(gates.Power(3), lambda x: x**3),
    Entry(gates.Power(-2), lambda x: 1 / (x * x)),
    Entry(gates.Power(0.5), jnp.sqrt, draw=positive, everywhere=False),
    Entry(gates.Exp(), jnp.exp, everywhere=False),
    Entry(gates.Log(), jnp.log, draw=positive, everywhere=False),
    Entry(gates.Sin(), jnp.sin),
    Entry(gates.Cos(), jnp.cos),
    Entry(gates.Tan(), jnp.tan),
    Entry(gates.Arctan(), jnp.arctan),
    Entry(gates.Sinh(), jnp.sinh, everywhere=False),
    Entry(gates.Cosh(), jnp.cosh, everywhere=False),
    Entry(gates.Expm1(), jnp.expm1, everywhere=False),
    Entry(gates.Log1p(), jnp.log1p, draw=positive, everywhere=False),
    Entry(gates.Erf(), jax.scipy.special.erf),
    Entry(gates.Min(), jnp.minimum, TWO),
    Entry(gates.Clip(-0.7, 1.1), lambda x: jnp.clip(x, -0.7, 1.1)),
    Entry(gates.Clip(low=-0.3), lambda x: jnp.clip(x, min=-0.3)),
    Entry(gates.Sigmoid(), jax.nn.sigmoid),
    Entry(gates.Tanh(), jnp.tanh),
    Entry(gates.Softplus(), jax.nn.softplus),
    Entry(gates.Relu(), jax.nn.relu),
    Entry(gates.Gelu(), lambda x: jax.nn.gelu(x, approximate=False)),
    Entry(gates.Gelu(approximate=True), lambda x: jax.nn.gelu(x, approximate=True)),
    Entry(gates.LeakyRelu(), leaky_relu(0.01)),
    Entry(gates.LeakyRelu(0.3), leaky_relu(0.3)),
    Entry(gates.Elu(), jax.nn.elu),
    Entry(gates.Elu(1.7), lambda x: jax.nn.elu(x, 1.7)),
    # many numbers into fewer, and structure
    Entry(gates.Copy(3), lambda x: jnp.array([x, x, x])),
    Entry(gates.Repeat((4, 2, 3)), lambda x: x + jnp.zeros((4, 2, 3)), of_one((), (3,), (2, 1), (4, 2, 3))),
    Entry(gates.Sum(), jnp.sum),
    Entry(gates.Sum(0), lambda x: jnp.sum(x, axis=0), ROWS),
    Entry(gates.Sum(-1, keepdims=True), lambda x: jnp.sum(x, axis=-1, keepdims=True), ROWS),
    Entry(gates.Sum((0, 2)), lambda x: jnp.sum(x, axis=(0, 2)), of_one((4, 2, 3))),
    Entry(gates.Mean(), jnp.mean),
    Entry(gates.Mean(0), lambda x: jnp.mean(x, axis=0), ROWS),
    Entry(gates.Mean((0, -1), keepdims=True), lambda x: jnp.mean(x, (0, -1), keepdims=True), ROWS[1:]),
    Entry(gates.Var(), jnp.var, ONE[1:]),
    Entry(gates.Var(0), lambda x: jnp.var(x, axis=0), ROWS),
    Entry(gates.Var((0, -1), keepdims=True), lambda x: jnp.var(x, (0, -1), keepdims=True), ROWS[1:]),
    Entry(gates.Var(-1, ddof=1), lambda x: jnp.var(x, axis=-1, ddof=1), ROWS),
    Entry(gates.Std(), jnp.std, ONE[1:]),
    Entry(gates.Std((0, 1), ddof=1.5), lambda x: jnp.std(x, axis=(0, 1), ddof=1.5), ROWS[1:]),
    Entry(gates.Std(-1, keepdims=True), lambda x: jnp.std(x, axis=-1, keepdims=True), ROWS),
    Entry(gates.Amax(), jnp.max, draw=normal),
    Entry(gates.Amax(0), lambda x: jnp.max(x, axis=0), ROWS, normal),
    Entry(gates.Amax((0, -1), keepdims=True), lambda x: jnp.max(x, (0, -1), keepdims=True), ROWS[1:], normal),
    Entry(gates.Amin(), jnp.min, draw=normal),
    Entry(gates.Amin(-1), lambda x: jnp.min(x, axis=-1), ROWS, normal),
    Entry(gates.Amin((1, 0)), lambda x: jnp.min(x, axis=(1, 0)), of_one((4, 3), (4, 2, 3)), normal),
    Entry(gates.LogSumExp(), jax.nn.logsumexp),
    Entry(gates.LogSumExp(0), lambda x: jax.nn.logsumexp(x, axis=0), ROWS, normal),
    Entry(
        gates.LogSumExp((0, -1), keepdims=True),
        lambda x: jax.nn.logsumexp(x, axis=(0, -1), keepdims=True),
        ROWS[1:],
        normal,
    ),
    Entry(gates.Prod(), jnp.prod, everywhere=False),
    Entry(gates.Prod(0), lambda x: jnp.prod(x, axis=0), ROWS),
    Entry(
        gates.Prod((2, 0), keepdims=True),
        lambda x: jnp.prod(x, (2, 0), keepdims=True),
        of_one((3, 4, 5)),
        everywhere=False,
    ),
    Entry(gates.Cumsum(), lambda x: jnp.cumsum(x), of_one((3,), (2, 3), (4, 2, 3))),
    Entry(gates.Cumsum(0), lambda x: jnp.cumsum(x, axis=0), ROWS),
    Entry(gates.Cumsum(-1), lambda x: jnp.cumsum(x, axis=-1), ROWS),
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
    Entry(
        gates.Concatenate(2, axis=None),
        lambda x, y: jnp.concatenate([x, y], axis=None),
        (((2,), (3, 2)), ((), (2, 3)), ((4, 1, 3), (2,))),
    ),
    Entry(gates.Stack(3), lambda x, y, z: jnp.stack([x, y, z]), (((),) * 3, ((2,),) * 3, ((2, 3),) * 3)),
    Entry(gates.Stack(2, axis=-1), lambda x, y: jnp.stack([x, y], axis=-1), (((2, 3),) * 2, ((4,),) * 2)),
    Entry(gates.Pad(2, 0.5), lambda x: jnp.pad(x, 2, constant_values=0.5), ONE[1:]),
    Entry(gates.Pad(((0, 2), (1, 0))), lambda x: jnp.pad(x, ((0, 2), (1, 0))), of_one((2, 3), (3, 4))),
    Entry(
        gates.Where([True, False, True]),
        lambda x, y: jnp.where(jnp.array([True, False, True]), x, y),
        (((3,), (3,)), ((), (3,)), ((2, 3), ()), ((), ()), ((3,), (4, 2, 1))),
    ),
    Entry(
        gates.Embedding(),
        lambda W, index: W[index.astype(int)],
        (((4, 3), (2,)), ((5, 2), (2, 3)), ((3, 2), ())),
        words,
    ),
    Entry(gates.GetItem(1), lambda x: x[1], ROWS),
    Entry(gates.GetItem((0, -1)), lambda x: x[0, -1], ROWS[1:]),
    Entry(gates.GetItem(slice(0, None, 2)), lambda x: x[::2], ROWS),
    Entry(gates.GetItem([1, 0, 1]), lambda x: x[jnp.array([1, 0, 1])], ROWS),
    Entry(gates.GetItem(np.array([True, False, True])), lambda x: x[jnp.array([0, 2])], of_one((3,), (3, 2))),
    # matrices
    Entry(gates.Matmul(), jnp.matmul, MATRICES, normal),
    Entry(gates.Affine(), lambda x, W, b: x @ W + b, (((2, 3), (3, 4), (4,)), ((3,), (3, 4), (4,))), normal),
    *(
        Entry(gates.Einsum(letters), partial(jnp.einsum, letters), shapes, normal)
        for letters, shapes in (
            ("ij,jk->ik", (((2, 3), (3, 4)), ((4, 2), (2, 5)))),
            ("bij,bkj->bik", (((2, 3, 4), (2, 5, 4)),)),
            ("ij,k->jk", (((2, 3), (4,)),)),
            ("ij,ij->", (((2, 3), (2, 3)),)),
            ("bi,aj", (((2, 3), (4, 5)),)),
            (",ij->ji", (((), (2, 3)),)),
        )
    ),
    # softmax and losses
    Entry(gates.Softmax(), jax.nn.softmax, ROWS, normal),
    Entry(gates.LogSoftmax(), jax.nn.log_softmax, ROWS, normal),
    Entry(gates.Softmax(0), partial(jax.nn.softmax, axis=0), ROWS, normal),
    Entry(gates.LogSoftmax(axis=-2), partial(jax.nn.log_softmax, axis=-2), ROWS[1:], normal),
    *(Entry(gates.SoftmaxWithLoss(), softmax_with_loss, SCORES, t) for t in (class_indices, one_hot, soft)),
    *(
        Entry(gates.CrossEntropy(), cross_entropy, SCORES, probabilities(t), everywhere=False)
        for t in (class_indices, one_hot, soft)
    ),
    Entry(gates.SigmoidCrossEntropy(), sigmoid_cross_entropy, ONE[:3], yes_or_no),
    Entry(gates.QuadraticCost(), quadratic_cost, (((), ()), ((3,), (3,)), ((2, 3), (2, 3))), normal),
    Entry(gates.MeanSquaredError(), lambda a, y: jnp.mean((a - y) ** 2), SAME, normal),
    Entry(gates.Huber(), huber(1.0), SAME, normal),
    Entry(gates.Huber(0.3), huber(0.3), SAME, normal),
    Entry(gates.Hinge(), hinge(1.0), SCORES, class_indices),
    Entry(gates.Hinge(0.3), hinge(0.3), SCORES, class_indices),
    Entry(gates.L2(0.2), lambda W: 0.2 * jnp.sum(W * W)),
    # windows
    Entry(
        gates.Patches((2, 3), (1, 2), (1, 0), border=0.5), patches, of_one((2, 3, 4, 5), (3, 1, 2, 6)), normal
    ),
    Entry(gates.Fold((2, 3, 7), 3, 2, 1), fold, of_one((3, 3, 2, 4)), normal),
    Entry(
        gates.Convolution(), convolution((1,), (0,)), (((2, 3, 7), (4, 3, 2)), ((3, 1, 4), (2, 1, 4))), normal
    ),
    Entry(gates.Convolution(2, 1), convolution((2, 2), (1, 1)), (((2, 3, 5, 6), (4, 3, 3, 2)),), normal),
    Entry(
        gates.Convolution((1, 2), (0, 1)),
        convolution((1, 2), (0, 1)),
        (((2, 1, 4, 5), (3, 1, 2, 3)), ((1, 2, 3, 3), (2, 2, 3, 5))),
        normal,
    ),
    Entry(gates.MaxPool(), pooled(jnp.max, 2, 2, 0, border=-jnp.inf), of_one((2, 3, 4, 5)), normal),
    Entry(
        gates.MaxPool((3, 2), (1, 2), (1, 0)),
        pooled(jnp.max, (3, 2), (1, 2), (1, 0), border=-jnp.inf),
        of_one((2, 3, 4, 5)),
        normal,
    ),
    Entry(gates.MaxPool(2, 1), pooled(jnp.max, 2, 1, 0, border=-jnp.inf), of_one((2, 3, 5)), normal),
    Entry(gates.AveragePool(), pooled(jnp.mean, 2, 2, 0, border=0.0), of_one((2, 3, 4, 5)), normal),
    Entry(gates.AveragePool(3, 2, 1), pooled(jnp.mean, 3, 2, 1, border=0.0), of_one((2, 3, 6)), normal),
    # between layers
    Entry(
        gates.BatchNorm(),
        normalized(but_channels, of_channels, 1e-5),
        (((4, 3), (3,), (3,)), ((5, 2, 3), (2,), (2,)), ((3, 2, 4, 5), (2,), (2,))),
        normal,
    ),
    Entry(gates.BatchNorm(0.1), normalized(but_channels, of_channels, 0.1), (((4, 3), (3,), (3,)),), normal),
    Entry(
        gates.BatchNorm(moments=([0.1, -0.3], [0.5, 2.0])),
        batch_norm_after_training([0.1, -0.3], [0.5, 2.0]),
        (((5, 2), (2,), (2,)), ((3, 2, 4), (2,), (2,))),
        normal,
    ),
    Entry(
        gates.LayerNorm(),
        normalized(lambda x: -1, lambda parameter, x: parameter, 1e-5),
        (((4, 3), (3,), (3,)), ((4,), (4,), (4,)), ((2, 3, 5), (5,), (5,))),
        normal,
    ),
    Entry(gates.Dropout([1, 0, 1], 0.25), lambda x: x * jnp.array([1.0, 0.0, 1.0]) / 0.75, ROWS),
    Entry(
        gates.Attention(),
        attention(None),
        (((2, 3), (4, 3), (4, 5)), ((6, 2, 3), (6, 4, 3), (6, 4, 2)), ((2, 1, 4, 3), (5, 2, 3), (5, 2, 4))),
        normal,
    ),
    Entry(
        gates.Attention(np.tri(3)),
        attention(np.tri(3) != 0),
        (((3, 2), (3, 2), (3, 4)), ((2, 3, 4), (2, 3, 4), (2, 3, 5))),
        normal,
    ),
)


class Case(NamedTuple):
    """A gate at one point."""

    entry: Entry
    xs: tuple

    def __str__(self):
        return name_of(self.entry, map(np.shape, self.xs))

    @property
    def gate(self):
        return self.entry.gate

    @property
    def formula(self):
        return self.entry.formula

    @property
    def learned(self):
        """How many inputs have a gradient; the targets come after them."""
        return len(self.gate.inputs) - len(self.gate.targets)


def name_of(entry, shapes):
    numbers = ",".join(str(value) for value in entry.gate.parameters.values())
    return f"{entry.gate.name}({numbers})-" + "-".join(map(str, shapes))


def floats(xs):
    """xs with plain floats in the place of arrays without axes."""
    return tuple(x if np.ndim(x) else float(x) for x in xs)


def cases(entries=ENTRIES, seed=0):
    """A Case for each entry and each of its shapes."""
    return [
        Case(entry, floats(entry.draw(shapes, stream(name_of(entry, shapes), seed))))
        for entry in entries
        for shapes in entry.shapes
    ]


def stream(name, seed):
    """Random numbers of a case's own: another gate in the catalogue, or another order, leaves them alone."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def tame(entry):
    """Whether fifty such gates in a row stay finite: a gate of a whole row or of each entry, of slope ≤ 2."""
    n, x = len(entry.gate.inputs), np.linspace(-20.0, 20.0, 402).reshape(-1, 3)
    xs, first_column = [x, x[::-1]][:n], np.zeros(x.shape)
    first_column[:, 0] = 1.0
    if n > 2 or entry.gate.targets or entry.draw is positive:
        return False
    with np.errstate(all="ignore"):
        try:
            out = entry.gate.forward(*xs)
            moved = entry.gate.jvp([first_column] * n, out, *xs)
        except ValueError:  # not for rows of three
            return False
    return np.shape(out)[:1] == x.shape[:1] and np.abs(out).max() < 100 and np.abs(moved).max() <= 2


CASES = tuple(cases())
