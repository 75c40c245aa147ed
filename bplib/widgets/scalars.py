"""What widgets over graphs share: sliders, the graph of single numbers as data, and who computes it."""

import math

from .. import gates
from ..draw.layout import layout
from ..errors import GraphError, InputError
from .base import can_be_sent

MOST_GATES = 60
MOST_ENTRIES = 64  # of an array that the browser gets and computes with
# What static/arrays.js has a rule for, besides the entrywise gates of static/gates.js.
OF_ARRAYS = (
    "Affine CrossEntropy Hinge LogSoftmax Matmul Mean QuadraticCost Repeat Reshape Softmax SoftmaxWithLoss "
    "SquaredNorm Sum Transpose"
).split()


def scalar_graph(trace, who):
    """{"trace": Trace.to_dict(), "picture", "down": see pictures, "computes": "browser" or "kernel"}.

    The browser computes what is made of bplib's own gates. ``who`` is the widget, for its messages.
    Raises GraphError for arrays, for what is not finite, and for more gates than can be read.
    """
    data = trace.to_dict()
    for node in data["nodes"]:
        if node["shape"]:
            shape = tuple(node["shape"])
            raise GraphError(f"{who} shows single numbers; {node['name']} is an array of shape {shape}")
        for what in ("value", "gradient", "local", "downstream"):
            if not can_be_sent(node[what]):
                raise GraphError(f"{who}: {node['name']}: its {what} is not finite; choose other inputs")
    count = sum(node["kind"] == "gate" for node in data["nodes"])
    if count > MOST_GATES:
        raise GraphError(f"{who}: {count} gates are too many to read; it shows up to {MOST_GATES}")
    computes = "browser" if browser_knows(trace) else "kernel"
    return {"trace": data, "computes": computes} | pictures(data)


def pictures(data):
    """The graph of a trace from left to right, and from top to bottom for a page that is narrow."""
    return {"picture": layout(data), "down": layout(data, down=True)}


def browser_knows(trace):
    """Whether the browser has the rule of every gate: those of bplib, and arrays that are small."""
    gates_used = {type(node.gate) for node in trace.names if node.gate}
    small = all(len(node.shape) <= 2 and math.prod(node.shape) <= MOST_ENTRIES for node in trace.names)
    return small and all(map(_has_rule, gates_used))


def _has_rule(kind):
    ours = getattr(gates, kind.__name__, None) is kind
    return ours and (issubclass(kind, gates.Elementwise) or kind.__name__ in OF_ARRAYS)


def sliders(trace, ranges, who):
    """[{"name", "value", "low", "high", "step"}], one for each input that is a number.

    Raises InputError for a range that does not fit.
    """
    inputs = [name for node, name in trace.names.items() if node.kind == "input" and not node.shape]
    ranges = ranges or {}
    if unknown := sorted(set(ranges) - set(inputs)):
        raise InputError(f"{who}: ranges names {', '.join(unknown)}; the inputs are {', '.join(inputs)}")
    return [slider(name, trace.value[name], ranges.get(name), who) for name in inputs]


def slider(name, value, limits, who):
    """By itself a slider reaches to twice the value or a little more, on both sides of 0, in handy steps."""
    unit = 10.0 ** math.floor(math.log10(abs(value))) if value else 1.0
    reach = next(unit * m for m in (2, 5, 10, 20) if 2 * abs(value) <= unit * m)
    low, high, *step = limits or (-reach, reach, unit / 20)
    step = step[0] if step else 10.0 ** math.floor(math.log10((high - low) / 100))
    if not low <= value <= high:
        raise InputError(f"{who}: {name} = {value:g} lies outside its range ({low:g}, {high:g})")
    return {"name": name, "value": value, "low": low, "high": high, "step": step}


def gates_of(trace):
    """What an ``if`` in f can change from one place to the next: the browser replays one graph only."""
    return tuple(
        (node.gate.name, *node.gate.parameters.values()) if node.gate else trace.value[name]
        for node, name in trace.names.items()
        if node.kind != "input"
    )
