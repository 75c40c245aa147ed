"""The computational graph: nodes, the order to visit them in, and the passes over them.

A pass is a generator of steps. A lesson calls ``next`` on it, a widget keeps the list, training drains it.
"""

from itertools import count

import numpy as np

from . import gates
from .errors import BplibError, GraphError, ShapeError, shapes
from .foreign import Foreign, as_gate
from .trace import Step, Trace
from .values import as_input, as_value


class Node:
    """A value in a graph, and where it came from: ``gate`` applied to ``parents`` (none for an input).

    Numbers become float and integer arrays float64 at this door; float32 stays float32. Parents keep their
    order and their repeats: x * x has the parents (x, x).
    """

    __slots__ = ("gate", "name", "parents", "value")

    def __init__(self, value, name=None):
        self.value, self.name = as_input(value, name or "value"), name
        self.gate, self.parents = None, ()

    @property
    def kind(self):
        """ "input", "constant" (a plain number that met a node) or "gate"."""
        return "gate" if self.gate else "constant" if self.name == "" else "input"

    @property
    def shape(self):
        return np.shape(self.value)

    def extend_graph(self, gate, xs):
        """gate applied to xs, this node among them."""
        return apply(gate, *xs)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False):
        """The sum over all entries or along one axis; np.sum(node) ends here (without dtype and out)."""
        if dtype is not None or out is not None:
            raise GraphError("sum of a node: dtype and out cannot be chosen, the graph makes its own values")
        return apply(gates.Sum(axis, keepdims), self)

    def __add__(self, other):
        return apply(gates.add, self, other)

    def __radd__(self, other):
        return apply(gates.add, other, self)

    def __sub__(self, other):
        return apply(gates.subtract, self, other)

    def __rsub__(self, other):
        return apply(gates.subtract, other, self)

    def __mul__(self, other):
        return apply(gates.multiply, self, other)

    def __rmul__(self, other):
        return apply(gates.multiply, other, self)

    def __truediv__(self, other):
        return apply(gates.divide, self, other)

    def __rtruediv__(self, other):
        return apply(gates.reciprocal, self) if _is_one(other) else apply(gates.divide, other, self)

    def __neg__(self):
        return apply(gates.negate, self)

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
            "to look at the numbers, and gates to calculate: np.mean(x) is np.sum(x) / n"
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
    parents = tuple([x if type(x) is Node else Node(x, "") for x in xs])
    return _made(gate, parents, name)


def _made(gate, parents, name):
    node = Node.__new__(Node)
    node.gate, node.parents, node.name = gate, parents, name
    node.value = _forward(node)
    return node


def _forward(node):
    xs = [parent.value for parent in node.parents]
    try:
        return as_value(node.gate.forward(*xs))
    except ValueError as error:
        if isinstance(error, BplibError) or isinstance(node.gate, Foreign):
            raise
        rule = _BROADCAST if isinstance(node.gate, gates.Elementwise) else error
        got = shapes(**dict(zip(node.gate.inputs, xs, strict=True)))
        raise ShapeError(f"{node.gate.name}.forward: {rule}; got {got}") from error


_BROADCAST = (
    "shapes must be equal or broadcast (aligned at the right, each pair of sizes equal or one of them 1)"
)


def topological_order(output):
    """Every node that output depends on, each once, parents before children (no recursion: any depth)."""
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        node, parents_are_done = stack.pop()
        if parents_are_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(node.parents))
    return order


def forward_pass(output):
    """Compute every node anew, from the inputs' present values to output: one step a node."""
    for node in topological_order(output):
        node.value = _forward(node) if node.gate else as_input(node.value, node.name or "value")
        yield Step("forward", node, node.value)


def backward_pass(output, upstream=None):
    """From output back to the inputs, one step a node: upstream arrives, the gate passes downstream on.

    upstream    ∂loss/∂output, with output's shape; may be left out when output is a single number (then 1)
    A node with several users is visited after all of them, and what they send is added up.
    Raises GraphError when a non-scalar output comes without upstream, ShapeError when its shape differs.
    """
    arrived = {output: [_first_signal(output, upstream)]}
    for node in reversed(topological_order(output)):
        if node not in arrived:
            continue
        gradient = gates.add_up(arrived.pop(node))
        downstream = ()
        if node.gate:
            downstream = node.gate.backward(gradient, node.value, *[parent.value for parent in node.parents])
            for parent, part in zip(node.parents, downstream, strict=True):
                if part is not None:
                    arrived.setdefault(parent, []).append(part)
        yield Step("backward", node, node.value, gradient, downstream)


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
