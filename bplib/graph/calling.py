"""A function run on nodes, so that it leaves a graph, or on plain numbers; and what became of it."""

import inspect
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

import numpy as np

from ..errors import GraphError
from ..gates import Gate
from ..values import has_nan
from .node import Node
from .passes import topological_order


def call_on_nodes(f, /, *nodes, **named):
    """f(*nodes, **named), a node; raises GraphError when f returns anything else."""
    if isinstance(f, Gate | np.ufunc):  # these have no names for their arguments
        nodes, named = (*nodes, *named.values()), {}
    if not callable(f):
        raise GraphError(f"f must be a function, to be run on x; got {f!r}")
    with np.errstate(all="ignore"):
        output = f(*nodes, **named)
    if not isinstance(output, Node):
        raise GraphError(
            f"{name_of(f)} returned a {type(output).__name__}, not a node: nothing of its inputs reached "
            f"the output. Return the result of the calculation, and use np.exp or bplib.exp, not math.exp"
        )
    return output


def inputs_of_any_name(run):
    """A decorator: run(f, inputs, *, options) is called as run(f, *, options, **inputs).

    An input may have the name of an option: what f takes is an input. A method has self before f.
    """
    signature = inspect.signature(run)
    *parameters, (_, inputs) = sorted(signature.parameters.items(), key=lambda each: each[0] == "inputs")
    options = {name for name, each in parameters if each.kind is each.KEYWORD_ONLY}

    @wraps(run)
    def called(*self_and_f, **given):
        taken = parameters_of(self_and_f[-1]) if self_and_f else ()
        chosen = {name: given.pop(name) for name in options.difference(taken) if name in given}
        return run(*self_and_f, given, **chosen)

    inputs = inputs.replace(kind=inputs.VAR_KEYWORD)
    called.__signature__ = signature.replace(parameters=[*dict(parameters).values(), inputs])
    return called


def parameters_of(f):
    """What f calls its arguments; nothing where it does not say."""
    try:
        return list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        return []


def call_on_numbers(f, xs):
    """f's value on plain numbers: floats, and arrays that it cannot write into."""
    with np.errstate(all="ignore"):
        out = f(*[_read_only(x) if np.ndim(x) else float(x) for x in xs])
    return _left(out) if isinstance(out, Node) else out  # apply() makes a node of plain numbers too


def _left(out):
    """The number of a node that leaves its graph."""
    expect_no_derivative_around(out, "a difference of numbers", "grad, vjp or jvp")
    return out.value


_around = ContextVar("the inputs of the derivatives that are being taken around this one", default=())


@contextmanager
def derivative_by(inputs):
    """While f runs on these inputs, what it calls can see that a derivative is being taken around it."""
    token = _around.set((*_around.get(), *inputs))
    try:
        yield
    finally:
        _around.reset(token)


def expect_no_derivative_around(output, what, instead):
    """Raise GraphError when output depends on the inputs of a derivative that is being taken around it."""
    around = set(_around.get())
    if around and not around.isdisjoint(topological_order(output)):
        raise GraphError(
            f"{what} would leave the graph of the derivative that is being taken around it, and its part of "
            f"the gradient be lost; use {instead} there, or node.value to look at a number"
        )


def comes_from_outside(nodes, inputs):
    """Whether one of the nodes is an input that was there before f's own: one of an outer calculation."""
    first = min(node.made for node in inputs)
    return any(node.made < first for node in nodes if node.kind == "input")


def _read_only(x):
    view = np.asarray(x).view()
    view.flags.writeable = False
    return view


def refuse_nan(output, gradient):
    """Raise GraphError where a NaN arose: the first gate that made one out of numbers.

    gradient    {node: ∂output/∂node}; that of a constant is of no interest
    """
    bad = [node for node, arrived in gradient.items() if has_nan(arrived) and node.kind != "constant"]
    if not bad and not has_nan(output.value):
        return
    for node in topological_order(output):
        if node.gate and has_nan(node.value):
            pairs = zip(node.gate.inputs, node.parents, strict=True)
            values = ", ".join(f"{name} = {parent.value!r}" for name, parent in pairs)
            raise GraphError(f"{node.gate.name}.forward made a NaN from {values}: is it defined there?")
    raise GraphError(
        f"the gradient of {bad[0].name or 'a node'} is NaN although every value is a number: "
        f"an infinite local derivative met a 0, as at the edge of log or of a power"
    )


def name_of(f):
    """What f is called, or f where that is no name, as for a lambda."""
    name = getattr(f, "__name__", "f")
    return name if name.isidentifier() else "f"


def as_several(xs):
    """One value or several: always a tuple."""
    return xs if isinstance(xs, tuple) else (xs,)
