"""Many numbers into fewer: sums, the largest, norms, along an axis or over all entries.

Sources, where a gate names none: CS231n, notes on backpropagation; EECS 498-007, lecture 6.
"""

import math

import numpy as np

from ..errors import InputError, expect_shapes
from ..values import like
from .base import Gate, as_axes, plain_number, whole_number
from .entrywise import exp, log, sqrt, square


class Reduction(Gate):
    """A gate that makes one number of all entries, or of those along an axis (an integer or a tuple).

    x (any shape) -> out: without those axes, or with length 1 there when keepdims.
    Raises ShapeError when x has no such axis, InputError when axis is none at all.
    """

    def __init__(self, axis=None, keepdims=False):
        self.axis, self.keepdims = as_axes(axis, f"{self.name}: axis"), keepdims
        if keepdims not in (True, False):
            raise InputError(f"{self.name}: keepdims is True or False; got {keepdims!r}")

    def total(self, x):
        """Σ x over the axes of this gate."""
        return np.sum(self.with_axes(x), axis=self.axis, keepdims=self.keepdims)

    def average(self, x):
        """The mean of x over the axes of this gate, which face x."""
        return Mean(self.axis, keepdims=True)(x)

    def facing(self, y):
        """y of out's shape, with the axes that x has and out has not: length 1 there, ready to broadcast."""
        return y if self.axis is None or self.keepdims else np.expand_dims(y, self.axis)

    def without_axes(self, y):
        """y that faces x, in out's shape."""
        return y if self.keepdims else np.squeeze(y, axis=self.axis)

    def count(self, out, x):
        """n, how many entries of x make one of out."""
        return math.prod(np.shape(x)) / (math.prod(np.shape(out)) or 1)

    def with_axes(self, x):
        """x, once it is sure that it has axes to speak of."""
        rule = f"x must have the axis {self.axis}"
        expect_shapes(self.axis is None or np.ndim(x), f"{self.name}.forward", rule, x=x)  # numpy forgives it
        return x

    def with_entries(self, x):
        """x, once it is sure that no number of out would be made of nothing."""
        fits = np.size(self.with_axes(x)) or not np.size(self.total(x))
        expect_shapes(fits, f"{self.name}.forward", "x must have an entry", x=x)
        return x


# ------------------------------------------------------------------------------- sums, means, norms


class Sum(Reduction):
    """out = Σ x.  Backward repeats the upstream along what was summed."""

    symbol, linear = "Σ", True

    def forward(self, x):
        return self.total(x)

    def backward(self, upstream, out, x):
        return (like(np.array(np.broadcast_to(self.facing(upstream), np.shape(x))), x),)

    def jvp(self, tangents, out, x):
        return self.total(*tangents)


class Mean(Reduction):
    """out = 1/n Σ x, n the number of entries in each sum.  Backward repeats upstream / n.

    Raises ShapeError when there is nothing to take the mean of, or x has no such axis.
    """

    symbol, linear = "mean", True

    def forward(self, x):
        return np.mean(self.with_entries(x), axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream, out, x):
        share = self.facing(upstream) * (1.0 / (self.count(out, x) or 1.0))
        return (like(np.array(np.broadcast_to(share, np.shape(x))), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)

    def opened(self, x):
        total = Sum(self.axis, self.keepdims)(x)
        return total / self.count(total, x)


class Spread(Reduction):
    """How far x lies from its mean, in squares of which each counts 1 / n; or 1 / (n − ddof)."""

    def __init__(self, axis=None, keepdims=False, ddof=0):
        super().__init__(axis, keepdims)
        self.ddof = plain_number(ddof, f"{self.name}: ddof")

    def count(self, out, x):
        return super().count(out, x) - self.ddof

    def with_entries(self, x):
        total = self.total(super().with_entries(x))
        fits = self.count(total, x) > 0 or not np.size(total)
        expect_shapes(fits, f"{self.name}.forward", f"x must have more entries than {self.ddof:g}", x=x)
        return x


class Var(Spread):
    """out = 1/n Σ (x − mean)², the variance, and dx = upstream · 2 (x − mean) / n; n − ddof in place of n.

    The mean moves with x, but what that adds is Σ (x − mean) = 0.
    Raises ShapeError when there is nothing to take the mean of, or x has no such axis.
    """

    symbol = "var"

    def forward(self, x):
        out = self.total(np.square(x - self.average(self.with_entries(x))))
        return out / self.count(out, x)

    def backward(self, upstream, out, x):
        return (like(self.facing(upstream) * 2.0 * (x - self.average(x)) / self.count(out, x), x),)

    def jvp(self, tangents, out, x):
        (dx,) = tangents
        return self.total(2.0 * (x - self.average(x)) * dx) / self.count(out, x)

    def opened(self, x):
        mean = Mean(self.axis, self.keepdims)(square(x - self.average(x)))
        return mean * (1.0 + self.ddof / self.count(mean, x)) if self.ddof else mean


class SquaredNorm(Reduction):
    """out = ‖x‖² = Σ x², and dx = upstream · 2x."""

    symbol = "‖x‖²"

    def forward(self, x):
        return self.total(np.square(x))

    def backward(self, upstream, out, x):
        return (like(self.facing(upstream) * 2.0 * x, x),)

    def jvp(self, tangents, out, x):
        (dx,) = tangents
        return self.total(2.0 * x * dx)

    def opened(self, x):
        return Sum(self.axis, self.keepdims)(square(x))


class Norm(Reduction):
    """out = ‖x‖ = √(Σ x²), and dx = upstream · x / ‖x‖, along x.  At the kink x = 0 it is taken as 0.

    The size of x is taken out before the square, which no number may be large or small enough to hold.
    """

    symbol = "‖x‖"

    def forward(self, x):
        size = np.max(np.abs(self.with_axes(x)), axis=self.axis, keepdims=True, initial=0.0)
        size = np.where((size > 0.0) & (size < np.inf), size, np.ones_like(size))
        return np.sqrt(self.total(np.square(x / size))) * self.without_axes(size)

    def backward(self, upstream, out, x):
        return (like(self.facing(upstream) * self._direction(out, x), x),)

    def jvp(self, tangents, out, x):
        (dx,) = tangents
        return self.total(self._direction(out, x) * dx)

    def opened(self, x):
        return sqrt(SquaredNorm(self.axis, self.keepdims)(x))

    def _direction(self, out, x):
        length = self.facing(out)
        return x / np.where(length > 0, length, 1.0)


class Std(Spread, Norm):
    """out = √var = ‖x − mean‖ / √n, and dx = upstream · (x − mean) / (n · out); n − ddof in place of n.

    At the kink, where all entries are equal, it is taken as 0, as for the norm.
    Raises ShapeError when there is nothing to take the mean of, or x has no such axis.
    """

    symbol = "std"

    def forward(self, x):
        distance = super().forward(x - self.average(self.with_entries(x)))
        return distance / math.sqrt(self.count(distance, x))

    def backward(self, upstream, out, x):
        root = math.sqrt(self.count(out, x))
        return super().backward(upstream / root, out * root, x - self.average(x))

    def jvp(self, tangents, out, x):
        root = math.sqrt(self.count(out, x))
        return super().jvp(tangents, out * root, x - self.average(x)) / root

    def opened(self, x):
        return sqrt(Var(self.axis, self.keepdims, self.ddof)(x))


# --------------------------------------------------------------------------------- one chosen entry


class Amax(Reduction):
    """out = the largest x.  A router: all of the upstream goes to the largest entry, at a tie to the first.

    Raises ShapeError when there is nothing to choose from, or x has no such axis.
    """

    symbol = "max"

    def forward(self, x):
        return np.max(self.with_entries(x), axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream, out, x):
        return (like(np.where(self._chosen(out, x), self.facing(upstream), 0.0), x),)

    def jvp(self, tangents, out, x):
        return self.total(np.where(self._chosen(out, x), tangents[0], 0.0))

    def _chosen(self, out, x):
        return self.first(x >= self.facing(out))

    def first(self, fits):
        """True where fits is True for the first time along the axes of this gate."""
        axes = range(np.ndim(fits)) if self.axis is None else np.atleast_1d(self.axis)
        last = range(-len(axes), 0)
        lines = np.moveaxis(fits, axes, last)
        flat = (
            lines.reshape(*lines.shape[: last[0]], math.prod(lines.shape[last[0] :])) if last else lines[None]
        )
        flat = flat & (np.cumsum(flat, axis=-1) == 1)
        return np.moveaxis(flat.reshape(lines.shape), last, axes)


class Amin(Amax):
    """out = the smallest x.  All of the upstream goes to it, at a tie to the first."""

    symbol = "min"

    def forward(self, x):
        return np.min(self.with_entries(x), axis=self.axis, keepdims=self.keepdims)

    def _chosen(self, out, x):
        return self.first(x <= self.facing(out))


class Maxout(Gate):
    """out[…, m] = the largest of pieces neighbours, x[…, m · pieces] … x[…, m · pieces + pieces − 1].

    x (…, M · pieces) -> out (…, M): a neuron that chooses among pieces affine ones. A router like max: all
    of the upstream goes to the largest, at a tie to the first.
    Raises ShapeError when the last axis cannot be divided into pieces, InputError for less than one piece.
    Source: I. Goodfellow et al., Maxout networks, 2013.
    """

    symbol = "maxout"

    def __init__(self, pieces=2):
        self.pieces = whole_number(pieces, "Maxout: pieces")

    def forward(self, x):
        fits = np.ndim(x) > 0 and np.shape(x)[-1] % self.pieces == 0
        expect_shapes(fits, "Maxout.forward", f"x (…, M · {self.pieces}) needs whole groups", x=x)
        return self._largest.forward(self._groups(x))

    def backward(self, upstream, out, x):
        (routed,) = self._largest.backward(upstream, out, self._groups(x))
        return (routed.reshape(x.shape),)

    def jvp(self, tangents, out, x):
        return self._largest.jvp([self._groups(*tangents)], out, self._groups(x))

    _largest = Amax(-1)

    def _groups(self, x):
        return x.reshape(*x.shape[:-1], x.shape[-1] // self.pieces, self.pieces)


# ------------------------------------------------------------------------------ products and the rest


class LogSumExp(Reduction):
    """out = log Σ eˣ, the soft maximum, and dx = upstream · e^(x − out): the softmax of x, times upstream.

    The largest entry is taken out before the exponential, which then cannot overflow. A −∞ adds nothing.
    Raises ShapeError when there is nothing to add up, or x has no such axis.
    """

    symbol = "log Σ exp"

    def forward(self, x):
        top = np.max(self.with_entries(x), axis=self.axis, keepdims=True)
        top = np.where(np.isfinite(top), top, np.zeros_like(top))
        with np.errstate(divide="ignore"):  # log 0 = −∞ where all entries are −∞
            return np.log(self.total(np.exp(x - top))) + self.without_axes(top)

    def backward(self, upstream, out, x):
        return (like(self.facing(upstream) * self._share(out, x), x),)

    def jvp(self, tangents, out, x):
        (dx,) = tangents
        return self.total(self._share(out, x) * dx)

    def opened(self, x):
        return log(Sum(self.axis, self.keepdims)(exp(x)))

    def _share(self, out, x):
        return np.exp(x - self.facing(np.where(out > -np.inf, out, 0.0)))


class Prod(Reduction):
    """out = Π x, and dx[i] = upstream · the product of all entries but x[i], zeros among them or not."""

    symbol = "Π"

    def forward(self, x):
        return np.prod(self.with_axes(x), axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream, out, x):
        return (like(self.facing(upstream) * self._others(x), x),)

    def jvp(self, tangents, out, x):
        (dx,) = tangents
        return like(self.total(self._others(x) * dx), out)

    def _others(self, x):
        """The axes of this gate as one, at the end; there, what comes before times what comes behind."""
        n, axes = np.ndim(x), range(np.ndim(x)) if self.axis is None else np.atleast_1d(self.axis)
        axes = [int(axis) % n for axis in axes]
        order = [axis for axis in range(n) if axis not in axes] + axes
        moved = np.transpose(x, order)
        shape = np.shape(moved)
        lines = np.reshape(moved, (*shape[: n - len(axes)], math.prod(shape[n - len(axes) :])))
        others = _before(lines) * _before(lines[..., ::-1])[..., ::-1]
        return np.transpose(np.reshape(others, np.shape(moved)), np.argsort(order))


def _before(x):
    """The product of all entries before each, along the last axis: each round reaches twice as far."""
    reach, product = 1, _moved(x, 1)
    while reach < np.shape(x)[-1]:
        product, reach = product * _moved(product, reach), 2 * reach
    return product


def _moved(x, k):
    """x, k places further along the last axis; ones come in."""
    n = np.shape(x)[-1]
    return np.concatenate([np.ones((*np.shape(x)[:-1], k)), x], axis=-1)[..., :n]


class Cumsum(Gate):
    """out[i] = x[0] + … + x[i] along an axis, and dx[i] = upstream[i] + … + upstream[n−1]: added from behind.

    x (any shape) -> out, the same shape; without an axis, all entries in a row (n,).
    Raises ShapeError when x has no such axis, InputError when axis is no whole number.
    """

    symbol, linear = "Σ ≤ i", True

    def __init__(self, axis=None):
        self.axis = None if axis is None else whole_number(axis, "Cumsum: axis", least=-32)

    def forward(self, x):
        fits, rule = self.axis is None or np.ndim(x), f"x must have the axis {self.axis}"
        expect_shapes(fits, "Cumsum.forward", rule, x=x)  # numpy forgives it
        return np.cumsum(x, axis=self.axis)

    def backward(self, upstream, out, x):
        added = self._turned(Cumsum(self.axis)(self._turned(upstream)))
        return (like(np.reshape(added, np.shape(x)), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)

    def _turned(self, y):
        axis = range(len(y.shape))[self.axis or 0]
        return y[(slice(None),) * axis + (slice(None, None, -1),)]


sum, mean, var, std, norm, squared_norm = Sum(), Mean(), Var(), Std(), Norm(), SquaredNorm()
max, min, maxout = Amax(), Amin(), Maxout()
logsumexp, prod, cumsum = LogSumExp(), Prod(), Cumsum()
