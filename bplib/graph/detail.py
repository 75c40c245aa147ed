"""A trace in full detail: what a picture folds away, drawn as gates of its own.

reuse           a value with several users goes through a Copy gate; behind it every branch has its own
                gradient, in front of it stands their sum
broadcasting    an operand of a smaller shape goes through a Repeat gate; behind it the gradient has the
                larger shape, in front of it the sum over the repeats
composites      a gate that is made of simpler ones is opened: σ into neg, exp, +1 and 1/x

The detailed graph runs through the same engine, so its numbers come from the same rules.
"""

from collections import Counter
from functools import partial

import numpy as np

from ..errors import InputError
from ..gates import Elementwise, Repeat
from .node import CONSTANT, Node, apply
from .passes import backward_pass, topological_order
from .trace import trace_of


def in_detail(trace, *, copies=True, repeats=True, opened=()):
    """The trace of the same calculation with copies, repeats and opened gates as nodes of their own.

    copies, repeats    draw reuse as Copy gates, broadcasting as Repeat gates
    opened             the gates to open, by name or as they are: "Sigmoid", (affine, softmax); True opens all
    What the folded trace names keeps its name, value and gradient. An opened gate calculates as it is
    written: where the closed one avoids an overflow, its stages show it.
    Raises InputError when a gate to open is not there, or is not made of simpler ones.
    """
    with np.errstate(all="ignore"):
        output = _with_opened(_once_more(trace), opened)
        output = _with_repeats(output) if repeats else output
        output = _with_copies(output) if copies else output
        went_back = output.name in trace.gradient
        steps = list(backward_pass(output, trace.gradient[output.name])) if went_back else ()
        return trace_of(output, steps)


class Fork(Elementwise):
    """out = x for each of its users: gates.Copy as a picture has it, n lines out of one box.

    What comes back along them is added by the engine, as at any node with several users.
    """

    symbol = "copy"

    def forward(self, x):
        return x

    def local(self, out, x):
        return (1.0,)


def _rebuild(output, make):
    """The graph under output once more: make(node, parents) is what takes the node's place."""
    made = {}
    for node in topological_order(output):
        made[node] = make(node, [made[parent] for parent in node.parents])
    return made[output]


def _same(node, parents):
    return apply(node.gate, *parents, name=node.name) if node.gate else node


def _once_more(trace):
    """The traced graph in new nodes, which carry the names and the values of the trace."""

    def make(node, parents):
        name = trace.names[node]
        if node.gate:
            return apply(node.gate, *parents, name=name)
        return Node(trace.value[name], CONSTANT if node.kind == "constant" else name)

    return _rebuild(list(trace.names)[-1], make)


def _with_opened(output, opened):
    """Open gates until none that is wanted is left: what an opened gate is made of may be opened too."""
    several = opened if isinstance(opened, tuple | list | set) else (opened,)
    wanted = {getattr(gate, "name", gate) for gate in several}
    met, chosen = set(), True
    while chosen:
        composite = {node.gate for node in topological_order(output) if hasattr(node.gate, "opened")}
        chosen = {gate for gate in composite if True in wanted or gate.name in wanted}
        met |= {gate.name for gate in composite}
        output = _rebuild(output, partial(_opened, chosen)) if chosen else output
    if unknown := wanted - met - {True}:
        cannot, can = ", ".join(sorted(map(str, unknown))), ", ".join(sorted(met)) or "none"
        raise InputError(f"in_detail: cannot open {cannot}; the gates here that can be opened: {can}")
    return output


def _opened(chosen, node, parents):
    if node.gate not in chosen:
        return _same(node, parents)
    last = node.gate.opened(*parents)
    last.name = node.name
    return last


def _with_repeats(output):
    def make(node, parents):
        if isinstance(node.gate, Elementwise):
            parents = [_repeated(parent, node.shape) for parent in parents]
        return _same(node, parents)

    return _rebuild(output, make)


def _repeated(x, shape):
    return x if x.shape == shape or _is_plain_number(x) else apply(Repeat(shape), x)


def _with_copies(output):
    users = Counter(parent for node in topological_order(output) for parent in node.parents)

    def make(node, parents):
        new = _same(node, parents)
        if users[node] < 2 or _is_plain_number(node) or isinstance(node.gate, Fork):
            return new
        return apply(Fork(), new, name=new.name and f"copy of {new.name}")

    return _rebuild(output, make)


def _is_plain_number(node):
    """Such a constant is written in its gate and has no line of its own: ×2, +1."""
    return node.kind == "constant" and not node.shape
