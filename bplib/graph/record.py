"""record: a function run forward and backward, and everything kept, under the names that its author chose."""

import sys
from contextlib import contextmanager

import numpy as np

from ..errors import GraphError, InputError
from ..values import as_input
from .calling import (
    call_on_nodes,
    expect_no_derivative_around,
    inputs_of_any_name,
    name_of,
    refuse_nan,
)
from .engines import trace_of_values
from .node import Node
from .passes import backward_pass, topological_order
from .trace import trace_of


@inputs_of_any_name
def record(f, inputs, /, *, upstream=None, backward=True, engine=None):
    """Run f on the named inputs, forward and backward, and keep everything as a Trace.

    upstream    ∂loss/∂output, for an output that is not a single number
    backward    False stops after the forward pass: then no node has a gradient yet
    engine      a class of your own, Value(2.0) with data, grad, parents and backward(): then f runs on its
                values, and the trace holds what they have found (see graph/engines.py)
    (Where f has an argument of such a name, it is an input.)
    Local variables of f name the nodes they hold; the output is named after f unless it has a name.
    Raises GraphError when f does not return a node, when a NaN arises, or where the trace, which is numbers,
    would cut a derivative that is being taken around it; InputError for a bad input.
    """
    if engine is not None:
        if upstream is not None:
            raise GraphError("record: an engine begins with its own first signal, so it takes no upstream")
        return _record_values(f, engine, inputs, backward)
    nodes = {name: Node(value, name) for name, value in inputs.items()}
    with _local_variables(f) as variables:
        output = call_on_nodes(f, **nodes)
    expect_no_derivative_around(output, "a trace, which is numbers,", "grad, vjp or jvp")
    _give_names(output, [*variables.items(), (name_of(f), output)])
    with np.errstate(all="ignore"):
        steps = list(backward_pass(output, upstream)) if backward else []
    refuse_nan(output, {step.node: step.upstream for step in steps})
    return trace_of(output, steps)


def _record_values(f, engine, inputs, backward):
    """The same on the values of somebody's engine, which goes back by itself."""
    values = {name: engine(_plain_number(number, name)) for name, number in inputs.items()}
    with _local_variables(f) as variables:
        output = f(**values)
    if backward and not hasattr(output, "backward"):
        rule = f"{name_of(f)} has to return a value of {engine.__name__} with backward()"
        raise GraphError(f"record: {rule}; got {type(output).__name__}")
    if backward:
        output.backward()
    names = [*values.items(), *variables.items(), (name_of(f), output)]
    return trace_of_values(output, names, backward)


def _plain_number(x, name):
    value = as_input(x, name)
    if np.ndim(value):
        raise InputError(f"record: an engine takes numbers, one at a time; got {name} {np.shape(value)}")
    return float(value)


@contextmanager
def _local_variables(f):
    """A dict that holds f's local variables, {"q": node, …}, as soon as f has returned.

    They are gone by then: Python shows them once, to its profiler, at the moment when a function returns. So
    we stand in for the profiler while f runs; when there is one, for the tracer, which is shown them too.
    """
    get, put = (sys.gettrace, sys.settrace) if sys.getprofile() else (sys.getprofile, sys.setprofile)
    watcher, before = _Watcher(getattr(f, "__code__", None)), get()
    put(watcher)
    try:
        yield watcher.variables
    finally:
        put(before)


class _Watcher:
    """Keeps the local variables of the function that has this code."""

    def __init__(self, code):
        self.code, self.variables = code, {}

    def __call__(self, frame, event, _):
        if frame.f_code is not self.code:
            return None
        if event == "return":
            self.variables.update(frame.f_locals)
        return self


def _give_names(output, names):
    """Name the nodes that gates have made and nobody has named: each by its first name that is still free."""
    order = topological_order(output)
    taken = {node.name for node in order}
    in_graph = {id(node) for node in order if node.gate}
    for name, thing in names:
        if id(thing) in in_graph and thing.name is None and name not in taken:
            thing.name = name
            taken.add(name)
