"""What a pass over a graph leaves behind: steps, and the trace that collects them.

A trace is plain, read-only data. Pictures, widgets, checks and lessons see nothing else of the engine.
"""

from itertools import count
from types import MappingProxyType

import numpy as np

from ..errors import GraphError
from .passes import Step, topological_order


class Trace:
    """A forward and, when one was run, a backward pass over a graph, as plain data.

    ``trace.value["q"]`` and ``trace.gradient["x"]`` are looked up by name; ``trace.names`` lists the nodes,
    parents first, with the name of each; ``trace.steps`` keeps the order of events; ``to_dict()`` is what is
    drawn, sent to a browser or stored.
    """

    def __init__(self, nodes, names, steps):
        self.steps = tuple(steps)
        backward = {step.node: step for step in self.steps if step.kind == "backward"}
        self.names = MappingProxyType({node: names[node] for node in nodes})
        self._backward = backward
        self.value = _lookup({names[n]: n.value for n in nodes}, "value")
        self.gradient = _lookup({names[n]: step.upstream for n, step in backward.items()}, "gradient")

    @property
    def output(self):
        """The value that the graph computes."""
        return next(reversed(self.value.values()))

    def to_dict(self):
        """The trace as numbers, lists and text (version 1): nodes, parents first, and the steps in order."""
        index = {node: i for i, node in enumerate(self.names)}
        with np.errstate(all="ignore"):  # a local derivative may be infinite, as that of log at 0
            nodes = [self._node_to_dict(node, index) for node in self.names]
        return {
            "version": 1,
            "output": len(nodes) - 1,
            "nodes": nodes,
            "steps": [{"kind": s.kind, "node": index[s.node]} for s in self.steps if s.node.gate],
        }

    def _node_to_dict(self, node, index):
        gate, name, step = node.gate, self.names[node], self._backward.get(node)
        value, inputs = self.value[name], [self.value[self.names[p]] for p in node.parents]
        return {
            "name": name,
            "kind": node.kind,
            "gate": gate.name if gate else "",
            "symbol": gate.symbol if gate else "",
            "parameters": gate.parameters if gate else {},
            "inputs": [index[parent] for parent in node.parents],
            "shape": list(np.shape(value)),
            "value": plain(value),
            "gradient": plain(step.upstream) if step else None,
            "local": [plain(l) for l in gate.local(value, *inputs)] if hasattr(gate, "local") else None,
            "downstream": [plain(d) for d in step.downstream] if step else [None] * len(inputs),
        }

    def __repr__(self):
        from ..draw import describe

        return describe(self)

    def _repr_mimebundle_(self, include=None, exclude=None):
        from ..draw import mimebundle

        return mimebundle(self)


def plain(value):
    """A float, or nested lists of floats; None stays None."""
    return None if value is None else np.asarray(value, dtype=float).tolist()


class _Names(dict):
    def __init__(self, items, what):
        super().__init__(items)
        self.what = what

    def __missing__(self, name):
        raise KeyError(f"no {self.what} named {name!r} in this trace; it has {', '.join(self)}")


def _lookup(items, what):
    return MappingProxyType(_Names(items, what))


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
