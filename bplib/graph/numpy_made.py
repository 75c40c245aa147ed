"""numpy's functions that have no gate of their own, but are made of gates, or only move entries about.

MADE    {numpy's function: what it does with nodes}
"""

import math

import numpy as np

from .. import gates
from ..errors import GraphError, MissingEntry, ShapeError, expect_shapes
from ..gates.base import is_node

# ------------------------------------------------------------------------------- entries, moved about


def _moved(function):
    """What a function does to the entries' numbers, an index does to the entries: so it needs no rule.

    The function takes an array, or a list of them, and options. The entries are numbered from 1; where it
    puts a 0 in, as np.tril does, that is entry 0.
    """

    def on_nodes(x, *options, **named):
        xs = x if isinstance(x, tuple | list) else [x]
        if any(map(is_node, options)):  # where entries go is given
            raise GraphError(f"np.{function.__name__}: of its arguments only the first may be a node")
        ends = np.cumsum([0, *map(np.size, xs)]).tolist()
        numbers = [np.arange(end, end + np.size(x)).reshape(np.shape(x)) + 1 for end, x in zip(ends, xs)]  # noqa: B905
        zero = np.zeros(1, np.result_type(*map(_dtype, xs)))
        entries = gates.concatenate([zero, *(np.reshape(x, -1) for x in xs)])
        try:
            found = function(numbers[0] if xs is not x else numbers, *options, **named)
        except (ValueError, IndexError) as error:
            got = ", ".join(str(np.shape(x)) for x in xs)
            kind = MissingEntry if isinstance(error, IndexError) else ShapeError
            raise kind(f"np.{function.__name__}: {error}; got x {got}") from None
        return [entries[each] for each in found] if isinstance(found, tuple | list) else entries[found]

    return on_nodes


def _dtype(x):
    return x.dtype if hasattr(x, "dtype") else np.float64


def _sorted(x, axis=-1, **options):
    x, axis = (np.reshape(x, -1), 0) if axis is None else (x, axis)
    return _moved(np.take_along_axis)(x, np.argsort(x, axis=axis, **options), axis)


def _compressed(condition, x, axis=None):
    return _moved(lambda numbers: np.compress(condition, numbers, axis))(x)


def _appended(x, values, axis=None):
    return _moved(lambda both: np.append(*both, axis=axis))([x, values])


_MOVED = [
    *(np.flip, np.fliplr, np.flipud, np.rot90, np.roll, np.moveaxis, np.rollaxis),
    *(np.repeat, np.tile, np.resize, np.take, np.take_along_axis, np.delete),
    *(np.diag, np.diagflat, np.diagonal, np.tril, np.triu),
    *(np.atleast_1d, np.atleast_2d, np.atleast_3d),
    *(np.array_split, np.vsplit, np.hsplit, np.dsplit),
    *(np.vstack, np.hstack, np.dstack, np.column_stack),
]

# ------------------------------------------------------------------------------------- made of gates


def _of_pairs(function):
    """A product of each entry of x with each of y, in the places where numpy's function puts them."""

    def on_nodes(x, y):
        ones_x, ones_y = (np.ones(np.shape(each), int) for each in (x, y))
        return _moved(lambda n: function(n, ones_y))(x) * _moved(lambda n: function(ones_x, n))(y)

    return on_nodes


def _inner(x, y):
    return np.dot(x, np.swapaxes(y, -1, -2) if np.ndim(y) > 1 else y)


def _tensordot(x, y, axes=2):
    """The sum over pairs of axes, as one product of two matrices."""
    n = axes if np.ndim(axes) == 0 else np.size(axes[0])
    of_x, of_y = (range(np.ndim(x) - n, np.ndim(x)), range(n)) if np.ndim(axes) == 0 else axes
    x, y = np.moveaxis(x, of_x, range(-n, 0)), np.moveaxis(y, of_y, range(n))
    kept_x, kept_y, summed = np.shape(x)[: np.ndim(x) - n], np.shape(y)[n:], np.shape(y)[:n]
    expect_shapes(np.shape(x) == kept_x + summed, "np.tensordot", "the summed axes must be as long", x=x, y=y)
    x = np.reshape(x, (math.prod(kept_x), math.prod(summed)))
    return np.reshape(np.matmul(x, np.reshape(y, (math.prod(summed), math.prod(kept_y)))), kept_x + kept_y)


def _diff(x, n=1, axis=-1):
    for _ in range(n):
        later, sooner = (np.moveaxis(x, axis, 0)[part] for part in (slice(1, None), slice(-1)))
        x = np.moveaxis(later - sooner, 0, axis)
    return x


def _average(x, axis=None, weights=None, keepdims=False):
    if weights is None:
        return np.mean(x, axis=axis, keepdims=keepdims)
    if np.shape(weights) != np.shape(x):
        weights = np.reshape(weights, [-1 if k == axis % np.ndim(x) else 1 for k in range(np.ndim(x))])
    share = weights / np.sum(weights * np.ones(np.shape(x)), axis=axis, keepdims=True)
    return np.sum(x * share, axis=axis, keepdims=keepdims)


def _arcsinh(x):
    sign = np.copysign(1.0, *_values(x))  # log1p of what is not negative keeps every digit
    return sign * np.log1p(sign * x + x * x / (1.0 + np.sqrt(1.0 + x * x)))


def _logaddexp(x, y):
    return np.where(np.greater(x, y), x + gates.softplus(y - x), y + gates.softplus(x - y))


MADE = {
    **{function: _moved(function) for function in _MOVED},
    np.sort: _sorted,
    np.append: _appended,
    np.compress: _compressed,
    np.outer: _of_pairs(np.outer),
    np.kron: _of_pairs(np.kron),
    np.inner: _inner,
    np.vdot: lambda x, y: np.dot(np.reshape(x, -1), np.reshape(y, -1)),
    np.vecdot: lambda x, y: np.sum(x * y, axis=-1),
    np.tensordot: _tensordot,
    np.trace: lambda x, offset=0, axis1=0, axis2=1: np.sum(np.diagonal(x, offset, axis1, axis2), axis=-1),
    np.diff: _diff,
    np.average: _average,
    np.ptp: lambda x, axis=None, keepdims=False: (
        np.max(x, axis=axis, keepdims=keepdims) - np.min(x, axis=axis, keepdims=keepdims)
    ),
    np.exp2: lambda x: np.exp(x * math.log(2.0)),
    np.log2: lambda x: np.log(x) / math.log(2.0),
    np.log10: lambda x: np.log(x) / math.log(10.0),
    np.radians: lambda x: x * (math.pi / 180.0),
    np.deg2rad: lambda x: x * (math.pi / 180.0),
    np.degrees: lambda x: x * (180.0 / math.pi),
    np.rad2deg: lambda x: x * (180.0 / math.pi),
    np.fabs: gates.absolute,
    np.fmax: gates.maximum,
    np.fmin: gates.minimum,
    np.float_power: lambda x, n: x**n,
    np.arcsin: lambda x: np.arctan(x / np.sqrt((1.0 - x) * (1.0 + x))),
    np.arccos: lambda x: 2.0 * np.arctan(np.sqrt((1.0 - x) / (1.0 + x))),
    np.arcsinh: _arcsinh,
    np.arccosh: lambda x: np.log1p(x - 1.0 + np.sqrt((x - 1.0) * (x + 1.0))),
    np.arctanh: lambda x: 0.5 * (np.log1p(x) - np.log1p(-x)),
    np.logaddexp: _logaddexp,
    np.remainder: lambda x, y: x - y * np.floor_divide(*_values(x, y)),
}


def _values(*xs):
    return [getattr(x, "value", x) for x in xs]
