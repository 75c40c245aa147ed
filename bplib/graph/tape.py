"""A graph of numbers, written out as a tape: one instruction a gate, to be run again and again.

Building a graph costs more than calculating with it. Where only the numbers of the inputs change, a tape
does without: it knows the order and the place of every number, and makes no node.
Source: R. Wengert, A simple automatic derivative evaluation program, 1964.
"""

from functools import partial

from ..errors import GraphError
from ..gates import Elementwise
from ..values import as_input
from .passes import topological_order


class Tape:
    """The graph under output as a list of instructions: number[out] = gate(number[x], number[y]).

    forward()     output's value at the present values of the input nodes, which may be set: x.value = 3.0
    backward()    {input node: ∂output/∂input} for the numbers of the last forward pass
    The other nodes of the graph keep the values that they were built with.
    Raises GraphError unless every node is a number and every gate works entry by entry, on at most two.
    """

    def __init__(self, output):
        nodes = topological_order(output)
        place = {node: i for i, node in enumerate(nodes)}
        self._inputs = [(place[node], node) for node in nodes if node.gate is None]
        self._numbers = [node.value for node in nodes]
        self._tape = [_instruction(node, place) for node in nodes if node.gate]

    def forward(self):
        """Read the inputs, run the tape, and return the value of the output."""
        number = self._numbers
        for i, node in self._inputs:
            value = node.value
            number[i] = value if type(value) is float and value == value else _number(node)
        for forward, _, out, x, y in self._tape:
            number[out] = forward(number[x]) if y is None else forward(number[x], number[y])
        return number[-1]

    def backward(self):
        """Run the tape backward, from ∂output/∂output = 1, and return the gradient of every input."""
        number, gradient = self._numbers, [0.0] * len(self._numbers)
        gradient[-1] = 1.0
        for _, local, out, x, y in reversed(self._tape):
            if y is None:
                (local_x,) = local(number[out], number[x])
            else:
                local_x, local_y = local(number[out], number[x], number[y])
                gradient[y] += gradient[out] * local_y
            gradient[x] += gradient[out] * local_x
        return {node: gradient[i] for i, node in self._inputs}


def _instruction(node, place):
    """(forward, local, place of out, of x, of y), with None for y where a gate has one input."""
    gate = node.gate
    if type(node.value) is not float or not isinstance(gate, Elementwise) or len(node.parents) > 2:
        raise GraphError(
            f"Tape: {node.name or 'a node'} is {_what(node)}; a tape holds numbers and gates such as + and "
            f"exp, which work entry by entry on one or two. For other graphs take forward_pass and gradients"
        )
    x, y, *_ = (*(place[parent] for parent in node.parents), None)
    plain = type(gate).backward is Elementwise.backward
    return gate.forward, gate.local if plain else partial(gate.backward, 1.0), place[node], x, y


def _what(node):
    return f"an array {node.shape}" if node.shape else f"made by {node.gate.name}"


def _number(node):
    value = as_input(node.value, node.name or "value")
    if type(value) is not float:
        raise GraphError(
            f"Tape: {node.name or 'an input'} was a number when the tape was made; got {value!r}"
        )
    return value
