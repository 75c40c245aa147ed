"""Derivatives of functions: by a sweep over the graph (grad, vjp, jvp), and by nudging (numerical_gradient).

A function is written once, in plain Python and numpy, and is then run on Nodes or on numbers as needed.
Where an argument says "one value or several", several means a tuple, one entry for each argument of f.
"""

import inspect
import sys
from contextlib import contextmanager
from functools import wraps

import numpy as np

from .errors import GraphError, InputError, ShapeError
from .gates import Gate
from .graph import Node, backward_pass, gradients, tangent_pass, topological_order, trace_of
from .values import as_input, as_value, has_nan


def record(f, /, *, upstream=None, backward=True, **inputs):
    """Run f on the named inputs, forward and backward, and keep everything as a Trace.

    upstream    ∂loss/∂output, for an output that is not a single number
    backward    False stops after the forward pass: then no node has a gradient yet
    Local variables of f name the nodes they hold; the output is named after f unless it has a name.
    Raises GraphError when f does not return a node, or when a NaN arises; InputError for a bad input.
    """
    nodes = [Node(value, name) for name, value in inputs.items()]
    with np.errstate(all="ignore"), _local_names(f) as local_names:
        output = _call(f, [], dict(zip(inputs, nodes, strict=True)))
    _give_names(local_names, f, output)
    with np.errstate(all="ignore"):
        steps = list(backward_pass(output, upstream)) if backward else []
    _refuse_nan(output, {step.node: step.upstream for step in steps})
    return trace_of(output, steps)


def grad(f):
    """The gradient function of a scalar-valued f.

    grad(f)(x) -> gradient of x's shape;  grad(f)(x, y) -> a tuple of gradients;  grad(f)(x=…, y=…) -> a dict
    Raises GraphError when f's value is not a single number (use vjp), InputError for a bad input.
    """

    names = _parameters(f)

    @wraps(f)
    def gradient(*xs, **named):
        if xs and named:
            raise GraphError("grad(f): give the arguments all by position or all by name, not mixed")
        nodes = _inputs(names, xs) if xs else [Node(x, name) for name, x in named.items()]
        found = _pull_back(f, nodes, named)
        if named:
            return dict(zip(named, found, strict=True))
        return found if len(xs) > 1 else found[0]

    return gradient


def vjp(f, xs, upstream):
    """Jᵀ · upstream, J the Jacobian of f at xs: one backward sweep, J itself is never formed.

    xs          one value or several
    upstream    the shape of f's value
    Returns the gradient of each, in xs' form. Raises ShapeError when upstream has another shape.
    """
    found = _pull_back(f, _inputs(_parameters(f), _several(xs)), upstream=upstream)
    return found if isinstance(xs, tuple) else found[0]


def jvp(f, xs, tangents):
    """J · tangents, J the Jacobian of f at xs: one forward sweep, in the shape of f's value.

    xs, tangents    one value or several, each tangent of the shape of its x
    Raises ShapeError when a tangent has another shape than its x.
    """
    nodes, tangents = _inputs(_parameters(f), _several(xs)), _several(tangents)
    if len(tangents) != len(nodes):
        raise GraphError(f"jvp: one tangent for each x is needed, {len(nodes)}; got {len(tangents)}")
    moved = {n: as_input(t, f"tangent of {n.name}") for n, t in zip(nodes, tangents, strict=True)}
    for node, tangent in moved.items():
        if np.shape(tangent) != node.shape:
            rule = f"a tangent needs the shape of its x; got tangent {np.shape(tangent)}"
            raise ShapeError(f"jvp: {rule}, {node.name} {node.shape}")
    with np.errstate(all="ignore"):
        steps = list(tangent_pass(_call(f, nodes, {}), moved))
    return steps[-1].value


def numerical_gradient(f, x, h=None):
    """∂f/∂x[k] ≈ (f(x + h·eₖ) − f(x − h·eₖ)) / 2h for every entry k, by central differences.

    f    takes x (a float or a float array) and returns a single number; it sees a read-only copy of x
    x    one value or several; an array of integers is refused, since x + h would be cut back to an integer
    h    the step; by default ∛eps for the dtype (6e-6 for float64, 5e-3 for float32), times max(1, |x[k]|)
    Costs two calls of f for every entry of x. Raises InputError or GraphError.
    """
    several = _several(x)
    value = as_value(plain_call(f, _all_differentiable(several)), "f(x)")
    if np.shape(value):
        raise GraphError(f"numerical_gradient: f must return a single number; got shape {np.shape(value)}")
    gradients = tuple(numerical_vjp(f, several, i, 1.0, h) for i in range(len(several)))
    return gradients if isinstance(x, tuple) else gradients[0]


def numerical_vjp(f, xs, i, upstream, h=None):
    """Jᵀ · upstream for argument i of f: Σ upstream · (f(x + h·eₖ) − f(x − h·eₖ)) / 2h, entry by entry."""
    xs = _all_differentiable(xs)
    x, gradient = xs[i], np.empty(xs[i].shape)

    def f_with(k, value):
        x[k] = value
        return np.array(plain_call(f, xs), dtype=float)

    for k in np.ndindex(x.shape):
        middle = x[k]
        step = h if h is not None else np.cbrt(np.finfo(x.dtype).eps) * max(1.0, abs(middle))
        right, left = x.dtype.type(middle + step), x.dtype.type(middle - step)
        if right == left:
            raise InputError(f"numerical_gradient: h = {h} is lost in rounding, x + h is x; take a larger h")
        with np.errstate(all="ignore"):
            gradient[k] = np.sum(upstream * (f_with(k, right) - f_with(k, left))) / float(right - left)
        x[k] = middle
    return as_value(gradient)


def _all_differentiable(xs):
    return [_differentiable(x, f"x{j}" if len(xs) > 1 else "x") for j, x in enumerate(xs)]


def _differentiable(x, name):
    """A copy of x that may be nudged."""
    if isinstance(x, np.ndarray) and x.dtype.kind in "biu":
        raise InputError(
            f"numerical_gradient: {name} is an array of {x.dtype}, which would cut x + h back to an integer; "
            f"pass {name}.astype(float)"
        )
    x = np.array(as_input(x, name))
    if not np.isfinite(x).all():
        raise InputError(f"numerical_gradient: {name} is infinite: there is nothing on both sides of it")
    return x


def plain_call(f, xs):
    """f's value on plain numbers: floats, and arrays that it cannot write into."""
    with np.errstate(all="ignore"):
        out = f(*[_read_only(x) if np.ndim(x) else float(x) for x in xs])
    return out.value if isinstance(out, Node) else out  # apply() makes a node of plain numbers too


def _read_only(x):
    view = np.asarray(x).view()
    view.flags.writeable = False
    return view


def _several(xs):
    return xs if isinstance(xs, tuple) else (xs,)


def _parameters(f):
    """What f calls its arguments; nothing where it does not say."""
    try:
        return list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        return []


def _inputs(names, xs):
    """A node for each x: with f's own names, or x0, x1 … where they do not fit."""
    if len(names) != len(xs):
        names = [f"x{i}" for i in range(len(xs))]
    return [Node(x, name) for name, x in zip(names, xs, strict=True)]


def call_on_nodes(f, *nodes):
    """f(*nodes), a node; raises GraphError when f returns anything else."""
    with np.errstate(all="ignore"):
        return _call(f, nodes, {})


def _pull_back(f, nodes, names=(), upstream=None):
    """The gradients of f's arguments, by position or by names; zero where one does not reach the output."""
    with np.errstate(all="ignore"):
        output = _call(f, (), dict(zip(names, nodes, strict=True))) if names else _call(f, nodes, {})
        gradient = gradients(output, upstream)
    _refuse_nan(output, gradient)
    return tuple([gradient[n] if n in gradient else n.value * 0.0 for n in nodes])


def _call(f, nodes, named):
    if isinstance(f, Gate | np.ufunc):  # these have no names for their arguments
        nodes, named = (*nodes, *named.values()), {}
    output = f(*nodes, **named)
    if not isinstance(output, Node):
        raise GraphError(
            f"{_name_of(f)} returned a {type(output).__name__}, not a node: nothing of its inputs reached "
            f"the output. Return the result of the calculation, and use np.exp or bplib.exp, not math.exp"
        )
    return output


def _refuse_nan(output, gradient):
    """Raise GraphError where a NaN arose: the first gate that made one out of numbers."""
    bad = [node for node, arrived in gradient.items() if has_nan(arrived) and node.kind != "constant"]
    if not bad and not has_nan(output.value):
        return
    for node in topological_order(output):
        if node.gate and has_nan(node.value):
            values = ", ".join(
                f"{n} = {p.value!r}" for n, p in zip(node.gate.inputs, node.parents, strict=True)
            )
            raise GraphError(f"{node.gate.name}.forward made a NaN from {values}: is it defined there?")
    raise GraphError(
        f"the gradient of {bad[0].name or 'a node'} is NaN although every value is a number: "
        f"an infinite local derivative met a 0, as at the edge of log or of a power"
    )


@contextmanager
def _local_names(f):
    """The local variables of f, as they stand when it returns."""
    found, code, before = {}, getattr(f, "__code__", None), sys.getprofile()

    def watch(frame, event, _):
        if event == "return" and frame.f_code is code:
            found.update(frame.f_locals)

    sys.setprofile(watch)
    try:
        yield found
    finally:
        sys.setprofile(before)


def _give_names(local_names, f, output):
    order = topological_order(output)
    taken = {node.name for node in order}
    own = {id(node): node for node in order if node.gate and node.name is None}
    for name, node in [*local_names.items(), (_name_of(f), output)]:
        if id(node) in own and node.name is None and name not in taken:
            node.name = name
            taken.add(name)


def _name_of(f):
    name = getattr(f, "__name__", "f")
    return name if name.isidentifier() else "f"
