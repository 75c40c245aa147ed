"""The computational graph: nodes, the order to visit them in, and the passes over them.

A pass is a generator of steps. A lesson calls ``next`` on it, a widget keeps the list, training drains it.
"""

from itertools import count
from operator import attrgetter

import numpy as np

from . import gates
from .errors import GraphError, ShapeError
from .foreign import as_gate
from .trace import Step, Trace
from .values import as_input, as_value


def _operators(gate):
    """node ∘ other and other ∘ node."""
    return (
        lambda node, other: _join(gate, (node, other if type(other) is Node else Node(other, ""))),
        lambda node, other: _join(gate, (Node(other, ""), node)),
    )


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
        return "gate" if self.gate else "constant" if self.name == "" else "input"

    @property
    def shape(self):
        return np.shape(self.value)

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

    # A comparison looks at the values, so that a function may branch; == stays identity, as for any object.
    def __lt__(self, other):
        return self.value < _value_of(other)

    def __le__(self, other):
        return self.value <= _value_of(other)

    def __gt__(self, other):
        return self.value > _value_of(other)

    def __ge__(self, other):
        return self.value >= _value_of(other)

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
        gate = _GATE_OF_UFUNC.get(ufunc) if method == "__call__" and not options else None
        if gate is None:
            raise GraphError(f"np.{ufunc.__name__} has no gate in bplib here; write your own and apply() it")
        return gate(*xs)

    def __repr__(self):
        made = (
            f" = {self.gate.symbol}({', '.join(p.name or 'node' for p in self.parents)})" if self.gate else ""
        )
        return f"Node {self.name or ''}{made}: {self.value!r}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return trace_of(self)._repr_mimebundle_(include, exclude)


def _refuse_options(method, **options):
    if any(value is not None for value in options.values()):
        chosen = " and ".join(options)
        raise GraphError(f"{method} of a node: {chosen} cannot be chosen, the graph makes its own values")


_GATE_OF_UFUNC = {
    np.add: gates.add,
    np.subtract: gates.subtract,
    np.multiply: gates.multiply,
    np.divide: gates.divide,
    np.negative: gates.negate,
    np.reciprocal: gates.reciprocal,
    np.square: gates.square,
    np.power: lambda x, n: x**n if isinstance(x, Node) else n.__rpow__(x),
    np.exp: gates.exp,
    np.log: gates.log,
    np.sin: gates.sin,
    np.cos: gates.cos,
    np.tan: gates.tan,
    np.sqrt: gates.sqrt,
    np.absolute: gates.absolute,
    np.matmul: gates.matmul,
    np.tanh: gates.tanh,
    np.maximum: gates.maximum,
    np.less: lambda x, y: y > x,
    np.less_equal: lambda x, y: y >= x,
    np.greater: lambda x, y: y < x,
    np.greater_equal: lambda x, y: y <= x,
}


def _is_one(x):
    return type(x) in (int, float) and x == 1


def _is_two(x):
    return type(x) in (int, float) and x == 2


def _value_of(x):
    return x.value if isinstance(x, Node) else x


def apply(gate, *xs, name=None):
    """A new node: gate applied to xs. Plain numbers among xs become constants; your own rule may be a gate.

    Raises GraphError when the number of inputs is wrong, and whatever the gate's forward raises.
    """
    gate = as_gate(gate)
    gate.expect_inputs(xs)
    return _join(gate, tuple([_as_node(x) for x in xs]), name)


def _as_node(x):
    return x if type(x) is Node else Node(x, "")


def _join(gate, parents, name=None):
    node = _new(Node)
    node.gate, node.parents, node.name = gate, parents, name
    node.value = _forward(gate, parents)
    node.made = next(_made)
    return node


_new = object.__new__
_made = count()  # nodes are numbered as they are made: parents before children
_value = attrgetter("value")


def _forward(gate, parents):
    try:
        if len(parents) == 2:  # nearly always: written out, it is quicker
            x, y = parents
            value = gate.forward(x.value, y.value)
        else:
            value = gate.forward(*map(_value, parents))
        return value if type(value) is float else as_value(value)
    except ValueError as error:
        gate.explain(error, [parent.value for parent in parents])
        raise


def topological_order(output):
    """Every node that output depends on, each once, in the order in which they were made.

    So parents come before children, as the program computed them. No recursion: any depth will do.
    """
    found, waiting = set(), [output]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(node.parents)
    return sorted(found, key=attrgetter("made"))


def forward_pass(output):
    """Compute every node anew, from the inputs' present values to output: one step a node."""
    for node in topological_order(output):
        if node.gate:
            node.value = _forward(node.gate, node.parents)
        else:
            node.value = as_input(node.value, node.name or "value")
        yield Step("forward", node, node.value)


def backward_pass(output, upstream=None):
    """From output back to the inputs, one step a node: upstream arrives, the gate passes downstream on.

    upstream    ∂loss/∂output, with output's shape; may be left out when output is a single number (then 1)
    A node with several users is visited after all of them, and what they send is added up.
    Raises GraphError when a non-scalar output comes without upstream, ShapeError when its shape differs.
    """
    arrived = {output: _first_signal(output, upstream)}
    for node in reversed(topological_order(output)):
        if node in arrived:
            gradient, downstream = arrived.pop(node), ()
            if node.gate:
                downstream = node.gate.backward(gradient, node.value, *map(_value, node.parents))
                _add(arrived, node.parents, downstream)
            yield Step("backward", node, node.value, gradient, downstream)


def gradients(output, upstream=None):
    """{input: ∂loss/∂input}: the backward pass for those who want its result and not its steps.

    What met a node as a plain array is data: nobody learns it, and its gradient is not computed.
    """
    arrived = {output: _first_signal(output, upstream)}
    for node in reversed(topological_order(output)):
        gate, parents, gradient = node.gate, node.parents, arrived.get(node)
        if gate is None or gradient is None:
            continue
        del arrived[node]
        if type(gradient) is not float or type(gate).backward is not gates.Elementwise.backward:
            wanted = [parent.name != "" for parent in parents]
            xs = map(_value, parents)
            _add(arrived, parents, gate.partial_backward(wanted, gradient, node.value, *xs))
        elif len(parents) == 2:
            x, y = parents
            local_x, local_y = gate.local(node.value, x.value, y.value)
            arrived[x] = arrived.get(x, 0.0) + gradient * local_x
            arrived[y] = arrived.get(y, 0.0) + gradient * local_y
        elif len(parents) == 1:
            (x,) = parents
            (local_x,) = gate.local(node.value, x.value)
            arrived[x] = arrived.get(x, 0.0) + gradient * local_x
        else:  # the rule; one and two operands are written out above because that is twice as quick
            for x, local_x in zip(parents, gate.local(node.value, *map(_value, parents)), strict=True):
                arrived[x] = arrived.get(x, 0.0) + gradient * local_x
    return arrived


def _add(arrived, parents, downstream):
    """What a gate sends down is added to what has arrived before: at a fork, gradients add up."""
    for parent, part in zip(parents, downstream, strict=True):
        if part is not None:
            arrived[parent] = gates.add_up((arrived[parent], part)) if parent in arrived else part


def _first_signal(output, upstream):
    label = output.name or "the output"
    if upstream is None:
        if output.shape:
            raise GraphError(
                f"{label} has shape {output.shape}: the gradient of many numbers is not one gradient. "
                f"Pass upstream= with that shape, or end in a single number, for example with sum()"
            )
        return type(output.value)(1.0)
    upstream = as_input(upstream, "upstream")
    if np.shape(upstream) != output.shape:
        raise ShapeError(
            f"backward: upstream needs the shape of {label}; got upstream {np.shape(upstream)}, "
            f"{label} {output.shape}"
        )
    return upstream


def tangent_pass(output, tangents):
    """Forward mode: how every node changes when each input changes by its tangent, one step a node.

    tangents    {input node: tangent of its shape}; an input that is not named does not move
    """
    moved = {}
    for node in topological_order(output):
        if node.gate:
            xs = [parent.value for parent in node.parents]
            moved[node] = node.gate.jvp([moved[parent] for parent in node.parents], node.value, *xs)
        else:
            moved[node] = tangents.get(node, node.value * 0.0)
        yield Step("tangent", node, moved[node])


def trace_of(output, steps=()):
    """The trace of the graph under output: its present values, and the steps of a backward pass, if any."""
    order = topological_order(output)
    forward = [Step("forward", node, node.value) for node in order]
    return Trace(order, _names(order), [*forward, *steps])


def _names(order):
    """A name for every node, unique in the graph: given names first, then v1, v2 …; constants c1, c2 …"""
    taken = {}
    for node in order:
        if node.name and taken.setdefault(node.name, node) is not node:
            raise GraphError(f"two nodes of this graph are named {node.name!r}: give each its own name")
    fresh = {kind: _numbered(letter) for kind, letter in _LETTER.items()}
    return {n: n.name or next(name for name in fresh[n.kind] if name not in taken) for n in order}


def _numbered(letter):
    return (f"{letter}{i}" for i in count(1))


_LETTER = {"gate": "v", "input": "in", "constant": "c"}
