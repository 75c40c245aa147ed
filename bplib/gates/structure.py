"""Who gets what: gates that copy, choose and rearrange, without changing an entry.

They come in pairs, each the backward rule of the other: Copy and add, Repeat and Sum, Concatenate and split,
GetItem and adding in place; Transpose and Reshape lead back to themselves.

Sources, where a gate names none: CS231n, notes on backpropagation; EECS 498-007, lecture 6.
"""

import math

import numpy as np

from ..errors import InputError, MissingEntry, ShapeError, expect_shapes
from ..values import as_value, like
from .base import Gate, anew, as_axes, as_mask, as_shape, is_node, plain_number, whole_number, whole_numbers


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
    Raises ShapeError where it does not, InputError when shape is none.
    """

    symbol, linear = "repeat", True

    def __init__(self, shape):
        self.shape = as_shape(shape, "Repeat: shape")

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


# ----------------------------------------------------------------------- the same numbers, elsewhere


class Reshape(Gate):
    """out = x with its entries, row after row, in another shape.  Backward restores the shape.

    x (any shape) -> out (shape), a view of x where numpy can; one −1 in shape stands for what is left.
    Raises ShapeError when the number of entries differs, InputError when shape is none.
    """

    symbol, linear = "reshape", True

    def __init__(self, shape):
        self.shape = as_shape(shape, "Reshape: shape")

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

    symbol, linear = "ᵀ", True

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

    x0 (…, D0, …), x1 (…, D1, …), … -> out (…, D0 + D1 + …, …); without an axis, all entries in a row.
    Raises ShapeError when another axis than that one differs.
    """

    symbol, linear = "concat", True

    def __init__(self, n, axis=0):
        self.n = whole_number(n, "Concatenate: n")
        self.axis = as_axes(axis, "Concatenate: axis")

    @property
    def inputs(self):
        return tuple(f"x{k}" for k in range(self.n))

    def forward(self, *xs):
        return np.concatenate(xs, axis=self.axis)

    def backward(self, upstream, out, *xs):
        if self.axis is None:
            parts = _cut(upstream, [math.prod(np.shape(x)) for x in xs], 0)
            return tuple(like(np.reshape(part, np.shape(x)), x) for part, x in zip(parts, xs, strict=True))
        parts = _cut(upstream, [x.shape[self.axis] for x in xs], self.axis)
        return tuple(like(part, x) for part, x in zip(parts, xs, strict=True))

    def jvp(self, tangents, out, *xs):
        return self.forward(*tangents)


class Stack(Concatenate):
    """out[k] = xₖ: the inputs, all of one shape, along a new axis.  Backward takes them apart again.

    x0, x1, … (any shape, the same) -> out, with one axis more, of length n.
    Raises ShapeError when the shapes differ.
    """

    symbol = "stack"

    def forward(self, *xs):
        return np.stack(xs, axis=self.axis)

    def backward(self, upstream, out, *xs):
        parts = _cut(upstream, [1] * self.n, self.axis)
        return tuple(like(np.reshape(part, np.shape(x)), x) for part, x in zip(parts, xs, strict=True))


def _cut(y, lengths, axis):
    """y, cut along an axis into parts of these lengths."""
    ends = np.cumsum(lengths).tolist()
    return [
        anew(y[_along(axis, len(y.shape), slice(end - n, end))]) for n, end in zip(lengths, ends, strict=True)
    ]


def _along(axis, ndim, part):
    """The index of a part along an axis of so many, and of everything along the others."""
    return (slice(None),) * (axis % ndim) + (part,)


class Pad(Gate):
    """out = x with a border of one value around it.  Backward cuts the border off.

    x (any shape) -> out. width as numpy reads it: 1 for all sides, or (before, after) for each axis.
    Raises ShapeError when width does not fit x, InputError when it is not made of whole numbers from 0 on,
    or when value is not a plain number.
    """

    symbol, linear = "pad", True

    def __init__(self, width, value=0.0):
        self.width = (
            whole_numbers(width, "Pad: width")
            if np.ndim(width) < 2
            else tuple(whole_numbers(ends, "Pad: width") for ends in width)
        )
        self.value = plain_number(value, "Pad: value")

    def forward(self, x):
        return np.pad(x, self.width, constant_values=self.value)

    def backward(self, upstream, out, x):
        ends = np.broadcast_to(self.width, (len(np.shape(x)), 2)).tolist()
        inside = tuple(slice(before, before + n) for (before, _), n in zip(ends, np.shape(x), strict=True))
        return (like(anew(upstream[inside]), x),)

    def jvp(self, tangents, out, x):
        return np.pad(*tangents, self.width)


# ------------------------------------------------------------------------------------------- choices


class Where(Gate):
    """out = x where the condition holds, else y.  A switch: each upstream goes to the one that was chosen.

    x, y (shapes that broadcast with the condition) -> out. The condition is given, not learned.
    Raises ShapeError where the shapes do not broadcast.
    """

    inputs, symbol, linear = ("x", "y"), "where", True

    def __init__(self, condition):
        self.condition = as_mask(condition, "Where: condition")

    @property
    def parameters(self):
        return {"condition": repr(self.condition)}

    def forward(self, x, y):
        return np.where(self.condition, x, y)

    def backward(self, upstream, out, x, y):
        to_x, to_y = np.where(self.condition, upstream, 0.0), np.where(self.condition, 0.0, upstream)
        return like(to_x, x), like(to_y, y)

    def jvp(self, tangents, out, x, y):
        return like(self.forward(*tangents), out)


class GetItem(Gate):
    """out = x[index], whatever numpy takes as an index.  Backward adds upstream at index, to zeros elsewhere.

    x (any shape) -> out, the shape of x[index]. An entry that is taken twice gets the sum of both upstreams.
    Raises ShapeError when x has no such entry.
    """

    symbol, linear = "[ ]", True

    def __init__(self, index):
        self.index = index

    @property
    def parameters(self):
        return {"index": repr(self.index)}

    def forward(self, x):
        try:
            return np.asarray(x)[self.index]
        except IndexError as error:
            raise MissingEntry(f"GetItem.forward: {error}; got x {np.shape(x)}, index {self.index}") from None

    def backward(self, upstream, out, x):
        gradient = np.zeros(np.shape(x), np.asarray(x).dtype)
        np.add.at(gradient, self.index, upstream)
        return (like(gradient, x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


class Embedding(Gate):
    """out = the rows of W that are named by index.  Backward adds each upstream to the row it came from.

    W (V, D), index (any shape) of whole numbers from 0 to V − 1 -> out (*index.shape, D). The index is
    given, not learned. Raises ShapeError when W is no matrix, InputError when it has no such row.
    Source: PyTorch, nn.Embedding; K. Saitoh, Deep Learning from Scratch 2, ch. 4.
    """

    inputs, targets, symbol, linear = ("W", "index"), ("index",), "rows", True

    def forward(self, W, index):
        expect_shapes(np.ndim(W) == 2, "Embedding.forward", "needs a row for each word, W (V, D)", W=W)
        rows = np.asarray(index)
        fits = (rows >= 0) & (rows < len(W)) & (rows == np.floor(rows))
        if not fits.all():
            rule = f"index must be made of whole numbers from 0 to {len(W) - 1}, the rows of W"
            raise InputError(f"Embedding: {rule}; got {rows[~fits].flat[0]:g}")
        return W[rows.astype(int)]

    def backward(self, upstream, out, W, index):
        (dW,) = GetItem(np.asarray(index).astype(int)).backward(upstream, out, W)
        return dW, None

    def jvp(self, tangents, out, W, index):
        return self.forward(tangents[0], index)


# --------------------------------------------------------- the names by which numpy calls these gates


def reshape(x, shape):
    """x with its entries, row after row, in another shape; one −1 in it stands for what is left."""
    return Reshape(shape)(x)


def flatten(x):
    """All entries of x in a row."""
    return Reshape(-1)(x)


def squeeze(x, axis=None):
    """x without its axes of length 1, or without those named. Raises ShapeError where they are longer."""
    return _reshaped_as(np.squeeze, x, axis)


def expand_dims(x, axis):
    """x with new axes of length 1, at axis in the result. Raises ShapeError when that has no such axis."""
    return _reshaped_as(np.expand_dims, x, axis)


def _reshaped_as(change, x, axis):
    """x in the shape that change gives to an array, which takes no memory here."""
    name = change.__name__
    try:
        shape = change(np.broadcast_to(0.0, _shape(x)), axis=as_axes(axis, f"{name}: axis")).shape
    except ValueError as error:
        raise ShapeError(f"{name}: {error}; got x {_shape(x)}, axis {axis}") from None
    return Reshape(shape)(x)


def _shape(x):
    return np.shape(x if is_node(x) else as_value(x, "x"))


def broadcast_to(x, shape):
    """x, repeated to a larger shape."""
    return Repeat(shape)(x)


def swapaxes(x, axis1, axis2):
    """x with two of its axes exchanged. Raises ShapeError when it has no such axes."""
    order = list(range(len(_shape(x))))
    try:
        order[axis1], order[axis2] = order[axis2], order[axis1]
    except (IndexError, TypeError):
        rule = "x must have the two axes"
        raise ShapeError(f"swapaxes: {rule}; got x {_shape(x)}, axes {axis1}, {axis2}") from None
    return Transpose(order)(x)


def concatenate(xs, axis=0):
    """xs, a sequence of arrays or Nodes, one after the other along an axis; axis=None puts all in a row."""
    return Concatenate(len(xs), axis)(*xs)


def stack(xs, axis=0):
    """xs, a sequence of arrays or Nodes of one shape, along a new axis."""
    return Stack(len(xs), axis)(*xs)


def split(x, sections, axis=0):
    """x cut along an axis, into so many equal parts or before each index of a list: a list of parts.

    Raises ShapeError when x has no such axis, or cannot be cut into equal parts.
    """
    shape, sections = _shape(x), whole_numbers(sections, "split: sections")
    fits = isinstance(axis, int) and -len(shape) <= axis < len(shape)
    expect_shapes(fits, "split", f"x must have the axis {axis}", x=x)
    n = shape[axis]
    if isinstance(sections, int):
        fits = sections > 0 and n % sections == 0
        expect_shapes(fits, "split", f"axis {axis} must make {sections} equal parts", x=x)
        sections = [n // sections * k for k in range(1, sections)]
    bounds = zip([0, *sections], [*sections, n], strict=True)
    return [GetItem(_along(axis, len(shape), slice(start, end)))(x) for start, end in bounds]


def pad(x, width, value=0.0):
    """x with a border of one value around it."""
    return Pad(width, value)(x)


def where(condition, x, y):
    """x where the condition holds, else y."""
    return Where(condition)(x, y)


transpose, embedding = Transpose(), Embedding()
