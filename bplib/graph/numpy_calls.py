"""numpy's functions called on nodes: np.exp(node), np.sum(node), … reach the gate of the same meaning.

A gate or a method of a node that has the name of numpy's function is found by that name; the tables below
and in numpy_made hold the others. What only asks about the numbers (np.shape, np.argmax, np.isfinite) is
answered by numpy.
"""

import inspect

import numpy as np

from .. import gates
from ..errors import GraphError
from ..names import SAME
from .numpy_made import MADE

# ------------------------------------------------------------------------------------------ ufuncs


def call_ufunc(ufunc, method, xs, options):
    """np.exp(node), np.add(array, node) …: the gate of the same meaning. Raises GraphError without one."""
    if method != "__call__":
        raise GraphError(f"np.{ufunc.__name__}.{method} has no gate in bplib: {_INSTEAD_OF_METHOD}")
    if "out" in options:
        raise GraphError(
            f"np.{ufunc.__name__}(…, out=array), as array += node, would write a node into an array: it has "
            f"no gate in bplib. A graph makes its own values: write array = array + node"
        )
    if options:
        raise _cannot_be_chosen(f"np.{ufunc.__name__}", options)
    if ufunc in _ASKS:
        return ufunc(*_plain(xs))
    gate = _GATE_OF_UFUNC.get(ufunc) or MADE.get(ufunc) or gate_named(ufunc.__name__)
    if gate is None:
        raise _no_gate(ufunc, f"np.{ufunc.__name__}")
    return gate(*xs)


_INSTEAD_OF_METHOD = "take np.sum, np.prod, np.max … of the node, or write your own gate and apply() it"
_WRITE_YOUR_OWN = "your own, a class with forward and backward, and apply() it"


def _no_gate(function, name):
    instead = _INSTEAD.get(function, _WRITE_YOUR_OWN)
    return GraphError(f"{name} has no gate in bplib: write {instead}; use node.value to look at numbers")


def gate_named(name):
    """bplib's gate, or its function of a gate, that has the name of numpy's."""
    found = getattr(gates, SAME.get(name, name), None)
    return found if isinstance(found, gates.Gate) or inspect.isfunction(found) else None


def _raised(x, exponent):
    return x**exponent if hasattr(x, "extend_graph") else exponent.__rpow__(x)


_GATE_OF_UFUNC = {
    np.power: _raised,
    np.less: lambda x, y: y > x,
    np.less_equal: lambda x, y: y >= x,
    np.greater: lambda x, y: y < x,
    np.greater_equal: lambda x, y: y <= x,
    np.equal: lambda x, y: y == x,
    np.not_equal: lambda x, y: y != x,
    np.positive: lambda x: x,
}

# --------------------------------------------------------------------------------- other functions


def call_function(function, xs, options):
    """np.sum(node), np.concatenate([array, node]) …: the gate of the same meaning. Raises GraphError."""
    if function in _ASKS:
        return function(*_plain(xs), **_plain(options))
    name, short = _name_of(function), SAME.get(function.__name__, function.__name__)
    here = _HERE.get(function) or MADE.get(function) or _method(short, xs) or gate_named(short)
    if here is None:
        raise _no_gate(function, f"{name} of a node")
    options = {key: value for key, value in options.items() if value is not None or key not in _LEFT_OPEN}
    try:
        return here(*xs, **options)
    except TypeError as error:
        raise _cannot_be_chosen(name, _unknown(here, options), error) from error


def _name_of(function):
    return f"{function.__module__.replace('numpy', 'np')}.{function.__name__}"


def _method(name, xs):
    """A node's own method of that name, such as sum, where a node comes first."""
    on_node = bool(xs) and hasattr(xs[0], "extend_graph")
    return getattr(type(xs[0]), name, None) if on_node else None


def _unknown(function, options):
    """The options that a function does not take."""
    takes = inspect.signature(function).parameters
    return [option for option in options if option not in takes]


def _cannot_be_chosen(name, options, error=""):
    if not options:
        return GraphError(f"{name} of a node: {error}")
    chosen = " and ".join(options)
    return GraphError(
        f"{name} of a node: {chosen} cannot be chosen, there is no gate for it; a graph makes its own values"
    )


def _plain(x):
    """x with values in the place of nodes."""
    if isinstance(x, tuple | list):
        return type(x)(map(_plain, x))
    if isinstance(x, dict):
        return {key: _plain(value) for key, value in x.items()}
    return x.value if hasattr(x, "extend_graph") else x


def _norm(x, ord=None, axis=None, keepdims=False):
    vector = x.ndim == 1 or isinstance(axis, int)
    if ord not in (None, "fro", 2) or (ord == 2 and not vector) or (ord == "fro" and vector):
        raise GraphError(
            f"np.linalg.norm of a node: ord is {ord!r}; the gate is the root of the sum of squares"
        )
    return gates.Norm(axis, keepdims)(x)


_HERE = {
    np.linalg.norm: _norm,
    np.linalg.matmul: gates.matmul,
    np.clip: lambda x, a_min=None, a_max=None: gates.clip(x, a_min, a_max),
    np.transpose: lambda x, axes=None: x.transpose(axes),
    np.reshape: lambda x, shape, order=None: x.reshape(shape, order=order),
    np.ravel: lambda x, order=None: x.reshape(-1, order=order),
    np.matrix_transpose: lambda x: x.swapaxes(-1, -2),
    np.copy: lambda x, order=None: x,  # nobody writes into the value of a node
}
_LEFT_OPEN = ("out", "dtype")  # None is no choice here

_ASKS = {
    *(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.result_type),
    *(np.argmax, np.argmin, np.argsort, np.nonzero, np.flatnonzero, np.count_nonzero, np.searchsorted),
    *(np.isnan, np.isinf, np.isfinite, np.signbit, np.any, np.all),
    *(np.isclose, np.allclose, np.array_equal, np.array_equiv, np.shares_memory, np.may_share_memory),
    *(np.array_repr, np.array_str, np.array2string, np.iscomplexobj, np.isrealobj),
}

_INSTEAD = {
    np.hypot: "np.sqrt(x * x + y * y)",
    np.sign: "np.where(node.value > 0, 1, -1), which has no slope",
}
