"""The backward pass as a graph of its own, for those who want to differentiate a gradient.

A rule does not know whether it is given numbers or nodes: given nodes, what it writes down is a graph. Only
a linear gate needs no such look: what it sends down is linear in the upstream, and the derivative is the jvp.
"""

import numpy as np

from ..errors import GraphError
from ..gates import Gate
from ..values import like, zero_like
from .node import CONSTANT, Node, apply
from .order import topological_order
from .passes import add_arrivals, first_signal


def gradient_graph(output, inputs, upstream=None):
    """∂loss/∂x for each x of inputs: a list of nodes, whose graph contains that of output.

    upstream    as for backward_pass, or a node
    Raises GraphError for a rule that cannot be differentiated again, by name.
    """
    order = topological_order(output)
    moving, ends = _moving(order, inputs), set(inputs)
    arrived = {output: _as_node(first_signal(output, upstream))}
    for node in reversed(order):
        if node in arrived and node in moving and node not in ends:
            add_arrivals(arrived, node.parents, _downstream(node, arrived.pop(node), moving))
    return [arrived[x] if x in arrived else _as_node(zero_like(x.value)) for x in inputs]


def _as_node(signal):
    return signal if isinstance(signal, Node) else Node(signal, CONSTANT)


def _moving(order, inputs):
    """The nodes that change when the inputs do."""
    moving = set(inputs)
    for node in order:
        if not moving.isdisjoint(node.parents):
            moving.add(node)
    return moving


def _downstream(node, upstream, moving):
    """What the node's gate passes on, as nodes; None for a parent that does not move, or is given."""
    gate, parents = node.gate, node.parents
    learned = [name not in gate.targets for name in gate.inputs]
    wanted = [asked and parent in moving for asked, parent in zip(learned, parents, strict=True)]
    if gate.linear:
        given = upstream, node, *parents
        return [apply(Downstream(gate, i), *given) if asked else None for i, asked in enumerate(wanted)]
    if getattr(gate, "keeps_state", False):
        raise _cannot(gate, "it keeps numbers in self; write it as backward(upstream, out, *xs), from these")
    xs = [x if asked and x.kind != "constant" else x.value for asked, x in zip(learned, parents, strict=True)]
    try:
        found = gate.partial_backward(wanted, upstream, node, *xs)
    except Exception as error:
        raise _cannot(gate, error) from error
    return [_kept_in_graph(d, gate) if asked else None for d, asked in zip(found, wanted, strict=True)]


def _kept_in_graph(downstream, gate):
    """A node as it is, None for a gradient that is 0 everywhere; any other number has lost its upstream."""
    if isinstance(downstream, Node):
        return downstream
    if downstream is not None and np.any(downstream):
        raise _cannot(gate, "it was given nodes and returned numbers, which come from nowhere")
    return None


def _cannot(gate, why):
    return GraphError(f"{gate.name}.backward cannot be differentiated a second time: {why}")


class Downstream(Gate):
    """out = what a linear gate passes on to its input i: linear in upstream, the transpose of its jvp."""

    symbol, linear, parameters = "downstream", True, {}

    def __init__(self, gate, i):
        self.gate, self.i = gate, i
        its = (f"its {name}" for name in gate.inputs)  # one of them may be called upstream, too
        self.inputs = ("upstream", "out", *its)
        self.targets = self.inputs[1:]

    def forward(self, upstream, out, *xs):
        return self.gate.backward(upstream, out, *xs)[self.i]

    def backward(self, upstream, passed_on, first, out, *xs):
        tangents = [upstream if k == self.i else zero_like(x) for k, x in enumerate(xs)]
        moved = np.array(self.gate.jvp(tangents, out, *xs))
        return (like(moved, first), *[None] * (1 + len(xs)))

    def jvp(self, tangents, passed_on, first, out, *xs):
        return self.forward(tangents[0], out, *xs)
