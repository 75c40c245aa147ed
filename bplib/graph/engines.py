"""Somebody else's engine, seen: the graph of a student's own values as a trace, with the numbers they hold.

A value of such an engine has ``data``, ``grad`` and ``parents`` (values, in their order), and, where it says
so, ``symbol`` and ``local``, the local derivative for each parent. Nothing is computed here: a picture of a
wrong engine shows its wrong numbers.
"""

from ..errors import GraphError
from ..gates import Gate
from .node import CONSTANT, Node
from .passes import Step
from .trace import trace_of

NEEDED = ("data", "grad", "parents")


def trace_of_values(output, names=(), went_back=True):
    """The Trace of the graph under output, a value of somebody's own engine.

    names        pairs (name, thing): what a value is called; the first name counts, each is given once
    went_back    whether a sweep has run, so that the grad of each value is its gradient
    Raises GraphError when output, or a value above it, has no data, grad or parents.
    """
    order, called = _parents_first(output), _first_names(names)
    nodes = {}
    for value in order:
        nodes[id(value)] = _node(value, [nodes[id(parent)] for parent in value.parents], called)
    swept = reversed(order) if went_back else ()
    return trace_of(nodes[id(output)], [_step(value, nodes[id(value)]) for value in swept])


def _parents_first(output):
    """Every value that output depends on, each once: inputs first, parents before children, at any depth."""
    order, met, waiting = [], set(), [(output, False)]
    while waiting:
        value, parents_are_there = waiting.pop()
        if parents_are_there:
            order.append(value)
        elif id(value) not in met:
            met.add(id(value))
            waiting += [(value, True), *((parent, False) for parent in reversed(_parents(value)))]
    return sorted(order, key=lambda value: bool(value.parents))


def _parents(value):
    if missing := [name for name in NEEDED if not hasattr(value, name)]:
        raise GraphError(
            f"a {type(value).__name__} has no {', '.join(missing)}: to be drawn, each value of an engine "
            f"needs {', '.join(NEEDED)}, and parents holds values of the same kind"
        )
    return list(value.parents)


def _first_names(names):
    called, taken = {}, set()
    for name, thing in names:
        if id(thing) not in called and name not in taken:
            called[id(thing)] = name
            taken.add(name)
    return called


def _node(value, parents, called):
    name = called.get(id(value))
    node = Node(value.data, name if parents or name else CONSTANT)
    if parents:
        node.gate, node.parents = Theirs(value, len(parents)), tuple(parents)
    return node


def _step(value, node):
    local = getattr(value, "local", None) or [None] * len(node.parents)
    sent = (None if slope is None else value.grad * slope for slope in local)
    return Step("backward", node, node.value, value.grad, tuple(sent))


class Theirs(Gate):
    """What an operation of somebody's engine says of itself."""

    def __init__(self, value, count):
        self.symbol = str(getattr(value, "symbol", "") or "?")
        self.inputs = tuple(f"x{k + 1}" for k in range(count))
        if local := getattr(value, "local", None):
            self.local = lambda out, *xs: tuple(local)

    @property
    def name(self):
        return self.symbol

    @property
    def parameters(self):
        return {}
