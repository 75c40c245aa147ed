"""A node of the computational graph, and the operators that grow the graph around it."""

from itertools import count
from operator import attrgetter

import numpy as np

from .. import gates
from ..errors import GraphError
from ..gates.foreign import as_gate
from ..names import unknown
from ..values import as_input, as_value, like
from .numpy_calls import call_function, call_ufunc, gate_named
from .saving import saved

CONSTANT = ""  # the name of every plain number that met a node: nobody named it, and nobody will learn it


def _operators(gate):
    """node ∘ other and other ∘ node."""
    return (
        lambda node, other: _join(gate, (node, other if type(other) is Node else _as_node(other))),
        lambda node, other: _join(gate, (Node(other, CONSTANT), node)),
    )


def _method(gate):
    """node.max(axis=0): the gate called on the node."""
    return lambda node, *options, **named: gate(node, *options, **named)


class Node:
    """A value in a graph, and where it came from: ``gate`` applied to ``parents`` (none for an input).

    Numbers become float and integer arrays float64 at this door; float32 stays float32. Parents keep their
    order and their repeats: x * x has the parents (x, x).
    """

    __slots__ = ("gate", "made", "name", "parents", "value")

    def __init__(self, value, name=None):
        is_number = type(value) is float and value == value
        self.value = value if is_number else as_input(value, name or "value")
        self.gate, self.parents, self.name, self.made = None, (), name, next(_made)

    @property
    def kind(self):
        """One of "input", "constant" (a plain number that met a node) and "gate"."""
        return "gate" if self.gate else "constant" if self.name == CONSTANT else "input"

    @property
    def shape(self):
        return np.shape(self.value)

    @property
    def ndim(self):
        return np.ndim(self.value)

    @property
    def size(self):
        return np.size(self.value)

    @property
    def dtype(self):
        return np.asarray(self.value).dtype

    def extend_graph(self, gate, xs):
        """gate applied to xs, this node among them."""
        return apply(gate, *xs)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False):
        """The sum over all entries or along one axis; np.sum(node) ends here (without dtype and out)."""
        _refuse_options("sum", dtype=dtype, out=out)
        return apply(gates.Sum(axis, keepdims), self)

    def mean(self, axis=None, dtype=None, out=None, keepdims=False):
        """The mean of all entries or along one axis; np.mean(node) ends here (without dtype and out)."""
        _refuse_options("mean", dtype=dtype, out=out)
        return apply(gates.Mean(axis, keepdims), self)

    def reshape(self, *shape, order=None):
        """The same entries in another shape: x.reshape(2, 3), x.reshape((2, 3)), np.reshape(x, (2, 3))."""
        _refuse_options("reshape", order=None if order == "C" else order)
        return apply(gates.Reshape(shape[0] if len(shape) == 1 else shape), self)

    def transpose(self, *axes):
        """The axes in another order, without axes in reverse; np.transpose(node) ends here."""
        axes = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return apply(gates.Transpose(axes), self)

    @property
    def T(self):
        return self.transpose()

    def like(self, x):
        """The same in the shape and dtype of x, which may have been broadcast; values.like ends here."""
        same = self.shape == np.shape(x) and self.dtype == getattr(x, "dtype", np.float64)
        return self if same else apply(_Like(), self, x)

    max, min, var, std = map(_method, (gates.max, gates.min, gates.var, gates.std))
    prod, cumsum, clip, dot = map(_method, (gates.prod, gates.cumsum, gates.clip, gates.dot))
    flatten, squeeze, swapaxes = map(_method, (gates.flatten, gates.squeeze, gates.swapaxes))
    ravel = flatten

    def __getitem__(self, index):
        return apply(gates.GetItem(index), self)

    def __len__(self):
        return len(self.value)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __abs__(self):
        return apply(gates.absolute, self)

    __matmul__, __rmatmul__ = _operators(gates.matmul)
    __add__, __radd__ = _operators(gates.add)
    __sub__, __rsub__ = _operators(gates.subtract)
    __mul__, __rmul__ = _operators(gates.multiply)
    __truediv__, _divides = _operators(gates.divide)

    def __rtruediv__(self, other):
        return _join(gates.reciprocal, (self,)) if _is_one(other) else self._divides(other)

    def __neg__(self):
        return _join(gates.negate, (self,))

    def __pow__(self, exponent):
        return apply(gates.square if _is_two(exponent) else gates.Power(exponent), self)

    def __rpow__(self, base):
        raise GraphError("number ** node has no gate of its own: write exp(node * log(number))")

    def __mod__(self, other):
        return np.remainder(self, other)

    def __rmod__(self, other):
        return np.remainder(other, self)

    # A comparison looks at the values, so that a function may branch. (As a key, a node is itself.)
    def __eq__(self, other):
        return self.value == _plain(other)

    def __ne__(self, other):
        return self.value != _plain(other)

    __hash__ = object.__hash__

    def __contains__(self, x):
        return bool(np.any(self.value == _plain(x)))

    def __lt__(self, other):
        return self.value < _plain(other)

    def __le__(self, other):
        return self.value <= _plain(other)

    def __gt__(self, other):
        return self.value > _plain(other)

    def __ge__(self, other):
        return self.value >= _plain(other)

    def __float__(self):
        raise GraphError(
            "float(node) would leave the graph, and its gradient with it; "
            "use node.value to look at the number, and np.exp or bplib.exp in place of math.exp"
        )

    def __bool__(self):
        raise GraphError("a node is neither true nor false: ask about its number, node.value != 0")

    def __array__(self, dtype=None, copy=None):
        raise GraphError(
            "turning a node into an array would leave the graph, and its gradient with it; use node.value "
            "to look at the numbers, and gates to calculate: np.dot(A, B) is A @ B"
        )

    def __array_ufunc__(self, ufunc, method, *xs, **options):
        """np.exp(node), np.add(array, node) …: the gate of the same meaning."""
        return call_ufunc(ufunc, method, xs, options)

    def __array_function__(self, function, types, xs, options):
        """np.sum(node), np.concatenate([array, node]) …: likewise."""
        return call_function(function, xs, options)

    def __reduce__(self):
        return saved(self, _restored)

    def __getattr__(self, name):
        as_function = f"; the gate is a function here, bp.{name}(node)" if gate_named(name) else ""
        raise unknown("a node", name, as_function)

    def __repr__(self):
        made = (
            f" = {self.gate.symbol}({', '.join(p.name or 'node' for p in self.parents)})" if self.gate else ""
        )
        return f"Node {self.name or ''}{made}: {self.value!r}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        from .trace import trace_of

        return trace_of(self)._repr_mimebundle_(include, exclude)


class _Like(gates.Gate):
    """out = y in the shape and dtype of x: what was repeated is summed. Backward repeats."""

    inputs, targets, symbol, linear = ("y", "x"), ("x",), "like", True

    def forward(self, y, x):
        return like(y, x)

    def backward(self, upstream, out, y, x):
        return like(np.array(np.broadcast_to(upstream, np.shape(y))), y), None

    def jvp(self, tangents, out, y, x):
        return like(tangents[0], x)


def _refuse_options(method, **options):
    if any(value is not None for value in options.values()):
        chosen = " and ".join(options)
        raise GraphError(f"{method} of a node: {chosen} cannot be chosen, the graph makes its own values")


def _is_one(x):
    return type(x) in (int, float) and x == 1


def _is_two(x):
    return type(x) in (int, float) and x == 2


def _plain(x):
    return x.value if isinstance(x, Node) else x


def apply(gate, *xs, name=None):
    """A new node: gate applied to xs. Plain numbers among xs become constants; your own rule may be a gate.

    Raises GraphError when the number of inputs is wrong, and whatever the gate's forward raises.
    """
    gate = as_gate(gate)
    gate.expect_inputs(xs)
    return _join(gate, tuple([_as_node(x) for x in xs]), name)


def _as_node(x):
    return x if isinstance(x, Node) else Node(x, CONSTANT)


def _join(gate, parents, name=None):
    node = _new(Node)
    node.gate, node.parents, node.name = gate, parents, name
    node.value = run(gate, parents)
    node.made = next(_made)
    return node


def _restored(above, kind, gate, parents, name, value):
    node = _new(kind)
    node.gate, node.parents, node.name, node.value, node.made = gate, parents, name, value, next(_made)
    return node


_new = object.__new__


_made = count()  # nodes are numbered as they are made: parents before children


value_of = attrgetter("value")


def run(gate, parents):
    try:
        if len(parents) == 2:  # nearly always: written out, it is quicker
            x, y = parents
            value = gate.forward(x.value, y.value)
        else:
            value = gate.forward(*map(value_of, parents))
        return value if type(value) is float else as_value(value)
    except ValueError as error:
        gate.explain(error, [parent.value for parent in parents])
        raise
