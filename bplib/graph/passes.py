"""The passes over a graph's nodes: forward, backward, tangent.

A pass is a generator of steps. A lesson calls ``next`` on it, a widget keeps the list, training drains it.
"""

from typing import Any, NamedTuple

import numpy as np

from .. import gates
from ..errors import GraphError, ShapeError
from ..values import as_input, zero_like
from .node import Node, run, value_of
from .order import topological_order


class Step(NamedTuple):
    """One node's turn in a pass.

    kind        "forward", "backward" or "tangent"
    node        the node whose turn it is
    value       its value; in a tangent pass, its tangent
    upstream    backward: the gradient that has arrived at the node
    downstream  backward: what its gate passes on, one for each input; None where an input has no gradient
    """

    kind: str
    node: Any
    value: Any
    upstream: Any = None
    downstream: tuple = ()

    def __repr__(self):
        node = self.node
        label = node.name or (node.gate.symbol if node.gate else "input")
        if self.kind != "backward":
            return f"{self.kind} {label}: {_short(self.value)}"
        sent = ", ".join("none" if d is None else _short(d) for d in self.downstream)
        return f"backward {label}: upstream {_short(self.upstream)}" + (
            f", downstream {sent}" if sent else ""
        )


def forward_pass(output):
    """Compute every node anew, from the inputs' present values to output: one step a node."""
    for node in topological_order(output):
        if node.gate:
            node.value = run(node.gate, node.parents)
        else:
            node.value = as_input(node.value, node.name or "value")
        yield Step("forward", node, node.value)


def backward_pass(output, upstream=None):
    """From output back to the inputs, one step a node: upstream arrives, the gate passes downstream on.

    upstream    ∂loss/∂output, with output's shape; may be left out when output is a single number (then 1)
    A node with several users is visited after all of them, and what they send is added up.
    Raises GraphError when a non-scalar output comes without upstream, ShapeError when its shape differs.
    """
    arrived = {output: first_signal(output, upstream)}
    for node in reversed(topological_order(output)):
        if node in arrived:
            gradient, downstream = arrived.pop(node), ()
            if node.gate:
                downstream = node.gate.backward(gradient, node.value, *map(value_of, node.parents))
                add_arrivals(arrived, node.parents, downstream)
            yield Step("backward", node, node.value, gradient, downstream)


def add_arrivals(arrived, parents, downstream):
    """What a gate sends down is added to what has arrived before: at a fork, gradients add up."""
    for parent, part in zip(parents, downstream, strict=True):
        if part is not None:
            arrived[parent] = gates.add_up((arrived[parent], part)) if parent in arrived else part


def first_signal(output, upstream):
    label = output.name or "the output"
    if upstream is None:
        if output.shape:
            raise GraphError(
                f"{label} has shape {output.shape}: the gradient of many numbers is not one gradient. "
                f"Pass upstream= with that shape, or end in a single number, for example with sum()"
            )
        return type(output.value)(1.0)
    upstream = upstream if isinstance(upstream, Node) else as_input(upstream, "upstream")
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
            moved[node] = tangents[node] if node in tangents else zero_like(node.value)
        yield Step("tangent", node, moved[node])


def _short(value):
    return f"{value:.4f}" if np.ndim(value) == 0 else f"array {np.shape(value)}"
