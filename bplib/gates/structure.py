"""Who gets what: gates that copy, add up, choose and rearrange, without changing an entry.

They come in pairs, each the backward rule of the other: Copy and add, Repeat and Sum, Concatenate and split,
GetItem and adding in place; Transpose and Reshape lead back to themselves.

Sources, where a gate names none: CS231n, notes on backpropagation; EECS 498-007, lecture 6.
"""

import math

import numpy as np

from ..errors import InputError, ShapeError, expect_shapes
from ..values import like
from .base import Gate, plain_number
from .entrywise import sqrt, square


class Copy(Gate):
    """out[k] = x for k = 0 … n−1: one value is used in n places.  The gradient adder: dx = Σₖ upstream[k].

    x (any shape) -> out (n, *x.shape).  The engine uses this rule wherever a value has several users.
    """

    symbol = "copy"

    def __init__(self, n):
        self.n = n

    def forward(self, x):
        return np.stack([x] * self.n)

    def backward(self, upstream, out, x):
        return (like(np.sum(upstream, axis=0), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


class Repeat(Gate):
    """out = x, repeated (broadcast) to a larger shape.  Backward sums over the repeats.

    x (any shape that broadcasts to shape) -> out (shape), a read-only view of x.
    Raises ShapeError where it does not.
    """

    symbol = "repeat"

    def __init__(self, shape):
        self.shape = tuple(shape)

    def forward(self, x):
        try:
            return np.broadcast_to(x, self.shape)
        except ValueError:
            rule = "x must broadcast to the wanted shape: align the axes at the right, each equal or 1"
            raise ShapeError(f"Repeat.forward: {rule}; got x {np.shape(x)}, shape {self.shape}") from None

    def backward(self, upstream, out, x):
        return (like(np.array(upstream), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


# ---------------------------------------------------------------------------- many numbers into fewer


class Reduction(Gate):
    """A gate that makes one number of all entries, or of those along an axis (an integer or a tuple).

    x (any shape) -> out: without those axes, or with length 1 there when keepdims.
    Raises ShapeError when x has no such axis.
    """

    def __init__(self, axis=None, keepdims=False):
        self.axis = tuple(axis) if isinstance(axis, list) else axis
        self.keepdims = keepdims

    def total(self, x):
        """Σ x over the axes of this gate."""
        rule = f"x must have the axis {self.axis}"
        expect_shapes(self.axis is None or np.ndim(x), f"{self.name}.forward", rule, x=x)  # numpy forgives it
        return np.sum(x, axis=self.axis, keepdims=self.keepdims)

    def facing(self, y):
        """y of out's shape, with the axes that x has and out has not: length 1 there, ready to broadcast."""
        return y if self.axis is None or self.keepdims else np.expand_dims(y, self.axis)


class Sum(Reduction):
    """out = Σ x.  Backward repeats the upstream along what was summed."""

    symbol = "Σ"

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

    symbol = "mean"

    def forward(self, x):
        expect_shapes(np.size(x), "Mean.forward", "x must have an entry", x=x)
        return np.mean(x, axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream, out, x):
        share = self.facing(upstream) * (np.size(out) / np.size(x))
        return (like(np.array(np.broadcast_to(share, np.shape(x))), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)

    def opened(self, x):
        total = Sum(self.axis, self.keepdims)(x)
        return total / (math.prod(np.shape(x)) / math.prod(np.shape(total)))


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
    """out = ‖x‖ = √(Σ x²), and dx = upstream · x / ‖x‖, along x.  At the kink x = 0 it is taken as 0."""

    symbol = "‖x‖"

    def forward(self, x):
        return np.sqrt(self.total(np.square(x)))

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


class Maxout(Gate):
    """out[…, m] = the largest of pieces neighbours, x[…, m · pieces] … x[…, m · pieces + pieces − 1].

    x (…, M · pieces) -> out (…, M): a neuron that chooses among pieces affine ones. A router like max: all
    of the upstream goes to the largest, at a tie to the first.
    Raises ShapeError when the last axis cannot be divided into pieces, InputError for less than one piece.
    Source: I. Goodfellow et al., Maxout networks, 2013.
    """

    symbol = "maxout"

    def __init__(self, pieces=2):
        self.pieces = int(plain_number(pieces, "Maxout: pieces"))
        if self.pieces != pieces or self.pieces < 1:
            raise InputError(f"Maxout: pieces must be a whole number from 1 on, got {pieces}")

    def forward(self, x):
        fits = np.ndim(x) > 0 and np.shape(x)[-1] % self.pieces == 0
        expect_shapes(fits, "Maxout.forward", f"x (…, M · {self.pieces}) needs whole groups", x=x)
        return self._groups(x).max(axis=-1)

    def backward(self, upstream, out, x):
        routed = np.where(self._chosen(x), upstream[..., None], 0.0)
        return (like(routed.reshape(x.shape), x),)

    def jvp(self, tangents, out, x):
        (dx,) = tangents
        return np.where(self._chosen(x), self._groups(dx), 0.0).sum(axis=-1)

    def _groups(self, x):
        return x.reshape(*x.shape[:-1], x.shape[-1] // self.pieces, self.pieces)

    def _chosen(self, x):
        """True at the first of the largest in each group."""
        return np.arange(self.pieces) == self._groups(x).argmax(axis=-1)[..., None]


# ----------------------------------------------------------------------- the same numbers, elsewhere


class Reshape(Gate):
    """out = x with its entries, row after row, in another shape.  Backward restores the shape.

    x (any shape) -> out (shape), a view of x where numpy can; one −1 in shape stands for what is left.
    Raises ShapeError when the number of entries differs.
    """

    symbol = "reshape"

    def __init__(self, shape):
        self.shape = tuple(shape) if np.ndim(shape) else (shape,)

    def forward(self, x):
        return np.reshape(x, self.shape)

    def backward(self, upstream, out, x):
        return (like(np.array(upstream).reshape(np.shape(x)), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


class Transpose(Gate):
    """out = xᵀ, or x with its axes in the order of axes.  Backward puts them back.

    x (any shape) -> out, a view of x: axis k of out is axis axes[k] of x; without axes, in reverse order.
    Raises ShapeError when axes does not name each axis of x once.
    """

    symbol = "ᵀ"

    def __init__(self, axes=None):
        self.axes = None if axes is None else tuple(axes)

    def forward(self, x):
        return np.transpose(x, self.axes)

    def backward(self, upstream, out, x):
        back = None if self.axes is None else np.argsort(np.arange(np.ndim(x))[list(self.axes)])
        return (like(np.array(np.transpose(upstream, back)), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


class Concatenate(Gate):
    """out = x0, x1, … one after the other along an axis.  Backward cuts the upstream where they meet.

    x0 (…, D0, …), x1 (…, D1, …), … -> out (…, D0 + D1 + …, …)
    Raises ShapeError when another axis than that one differs.
    """

    symbol = "concat"

    def __init__(self, n, axis=0):
        self.n, self.axis = n, axis

    @property
    def inputs(self):
        return tuple(f"x{k}" for k in range(self.n))

    def forward(self, *xs):
        return np.concatenate(xs, axis=self.axis)

    def backward(self, upstream, out, *xs):
        ends = np.cumsum([x.shape[self.axis] for x in xs])
        parts = np.split(upstream, ends[:-1], axis=self.axis)
        return tuple(like(np.array(part), x) for part, x in zip(parts, xs, strict=True))

    def jvp(self, tangents, out, *xs):
        return self.forward(*tangents)


class GetItem(Gate):
    """out = x[index], whatever numpy takes as an index.  Backward adds upstream at index, to zeros elsewhere.

    x (any shape) -> out, the shape of x[index]. An entry that is taken twice gets the sum of both upstreams.
    Raises ShapeError when x has no such entry.
    """

    symbol = "[ ]"

    def __init__(self, index):
        self.index = index

    @property
    def parameters(self):
        return {"index": repr(self.index)}

    def forward(self, x):
        try:
            return np.asarray(x)[self.index]
        except IndexError as error:
            raise ShapeError(f"GetItem.forward: {error}; got x {np.shape(x)}, index {self.index}") from None

    def backward(self, upstream, out, x):
        gradient = np.zeros(np.shape(x), np.asarray(x).dtype)
        np.add.at(gradient, self.index, upstream)
        return (like(gradient, x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


def concatenate(xs, axis=0):
    """xs, a sequence of arrays or Nodes, one after the other along an axis."""
    return Concatenate(len(xs), axis)(*xs)


mean, norm, squared_norm = Mean(), Norm(), SquaredNorm()
maxout, transpose = Maxout(), Transpose()
