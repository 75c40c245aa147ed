"""The passes for those who want their result and not their steps, quick enough to learn with.

The ones to read are passes.backward_pass and passes.tangent_pass. These are the same passes, with a short cut
for gates between numbers, and without what data would get; tests hold them equal, for every gate there is.
"""

from ..gates import Elementwise
from .node import value_of
from .passes import add_arrivals, first_signal, topological_order


def gradients(output, upstream=None):
    """{input: ∂loss/∂input}: the backward pass for those who want its result and not its steps.

    What met a node as a plain array is data: nobody learns it, and its gradient is not computed.
    """
    arrived = {output: first_signal(output, upstream)}
    for node in reversed(topological_order(output)):
        gate, parents = node.gate, node.parents
        if gate is None or (gradient := arrived.pop(node, None)) is None:
            continue
        between_numbers = type(gradient) is float and type(gate).backward is _UPSTREAM_TIMES_LOCAL
        operands = len(parents) if between_numbers else None
        if operands == 1:
            (x,) = parents
            (local_x,) = gate.local(node.value, x.value)
            _add_to(arrived, x, gradient, local_x)
        elif operands == 2:  # written out, one and two operands are twice as quick as any number of them
            x, y = parents
            local_x, local_y = gate.local(node.value, x.value, y.value)
            _add_to(arrived, x, gradient, local_x)
            _add_to(arrived, y, gradient, local_y)
        else:
            wanted = [parent.kind != "constant" for parent in parents]
            xs = map(value_of, parents)
            add_arrivals(arrived, parents, gate.partial_backward(wanted, gradient, node.value, *xs))
    return arrived


_UPSTREAM_TIMES_LOCAL = Elementwise.backward  # the rule of every gate that states its local derivatives alone


def _add_to(arrived, x, upstream, local):
    """The same rule for a number: upstream × local, added to what has arrived at x before."""
    arrived[x] = arrived.get(x, 0.0) + upstream * local


def push_forward(output, moved):
    """{node: how it changes}: the tangent pass for those who want its result and not its steps.

    output    a node, or a tuple of nodes
    moved     {input node: its tangent}; what these do not reach does not move, and has no entry
    """
    moved = dict(moved)
    for node in topological_order(output):
        arrived = [moved.get(parent) for parent in node.parents]
        if any(tangent is not None for tangent in arrived):
            moved[node] = node.gate.partial_jvp(arrived, node.value, *map(value_of, node.parents))
    return moved
