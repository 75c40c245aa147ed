"""Derivatives of functions by a sweep over the graph: backward for grad and vjp, forward for jvp.

A function is written once, in plain Python and numpy, and is then run on Nodes or on numbers as needed.
Where an argument says "one value or several", several means a tuple, one entry for each argument of f.
A value may be a dict, a list or a tuple of arrays, in any nesting; its gradient has the same form.

Derivatives may stand inside one another: what depends on the nodes of an outer calculation, as an argument
or because f reads them, is answered in nodes, as any gate would.
"""

from functools import wraps

import numpy as np

from ..errors import GraphError, InputError, ShapeError
from ..values import as_input, zero_like
from .bundles import map_leaves
from .calling import as_several, call_on_nodes, comes_from_outside, derivative_by, parameters_of, refuse_nan
from .detail import Fork
from .gradient_graph import gradient_graph
from .node import CONSTANT, Node, apply
from .order import topological_order
from .quick import gradients, push_forward


def grad(f, argnums=None):
    """The gradient function of a scalar-valued f.

    argnums    which arguments to differentiate by: 0 for the first, (0, 2) for two of them; without it, all
    grad(f)(x) -> gradient of x's shape;  grad(f)(x, y) -> a tuple of gradients;  grad(f)(x=…, y=…) -> a dict
    grad(f)({"W": W, "b": b}) -> a dict of gradients: an argument may be a dict, list or tuple of arrays
    grad(grad(f)) is the second derivative of f, where x is a number; for arrays there are hessian and hvp.
    Raises GraphError when f's value is not a single number (use vjp), InputError for a bad input.
    """
    both = value_and_grad(f, argnums)

    @wraps(f)
    def gradient(*xs, **named):
        return both(*xs, **named)[1]

    return gradient


def value_and_grad(f, argnums=None):
    """The function that gives f's value and its gradient, for the price of the gradient.

    value_and_grad(f)(x) -> (f(x), gradient); arguments and gradient as grad(f) has them.
    """
    names = parameters_of(f)

    @wraps(f)
    def value_and_gradient(*xs, **named):
        if bool(xs) == bool(named):
            raise GraphError("grad(f): give the arguments all by position or all by name, not mixed")
        if named and argnums is not None:
            raise GraphError("grad(f, argnums): argnums counts arguments; give them by position")
        leaves = []
        if named:
            arguments = {name: as_nodes(x, name, leaves) for name, x in named.items()}
            output, gradient = _pull_back(lambda: call_on_nodes(f, **arguments), leaves)
            return output, {name: _in_form(x, gradient) for name, x in arguments.items()}
        chosen = range(len(xs)) if argnums is None else _positions(argnums, len(xs))
        labels = _labels(names, xs)
        arguments = [as_nodes(x, labels[i], leaves) if i in chosen else x for i, x in enumerate(xs)]
        output, gradient = _pull_back(lambda: call_on_nodes(f, *arguments), leaves)
        found = tuple(_in_form(arguments[i], gradient) for i in chosen)
        one = len(xs) == 1 if argnums is None else not isinstance(argnums, tuple | list)
        return output, found[0] if one else found

    return value_and_gradient


def vjp(f, xs, upstream):
    """Jᵀ · upstream, J the Jacobian of f at xs: one backward sweep, J itself is never formed.

    xs          one value or several
    upstream    the shape of f's value
    Returns the gradient of each, in xs' form. Raises ShapeError when upstream has another shape.
    """
    leaves = []
    arguments = _arguments(f, xs, leaves)
    _, gradient = _pull_back(lambda: call_on_nodes(f, *arguments), leaves, upstream)
    found = tuple(_in_form(x, gradient) for x in arguments)
    return found if isinstance(xs, tuple) else found[0]


def jvp(f, xs, tangents):
    """J · tangents, J the Jacobian of f at xs: one forward sweep, in the shape of f's value.

    xs, tangents    one value or several, each tangent of the shape of its x
    Raises ShapeError when a tangent has another shape than its x.
    """
    leaves = []
    arguments = _arguments(f, xs, leaves)
    moved = tangents_of(leaves, arguments, tangents, "jvp")
    with derivative_by(leaves):
        output = call_on_nodes(f, *arguments)
    with np.errstate(all="ignore"):
        if any(node.gate for node in leaves) or any(isinstance(t, Node) for t in moved.values()):
            return push_forward_in_nodes(output, moved)
        tangent = push_forward(output, moved).get(output)
        tangent = zero_like(output.value) if tangent is None else tangent
        if not comes_from_outside(topological_order(output), leaves):
            return tangent
        in_nodes = push_forward_in_nodes(output, moved)
    return in_nodes if comes_from_outside(topological_order(in_nodes), leaves) else tangent


# ------------------------------------------------------------------------------------- the arguments


def as_nodes(x, name, leaves):
    """x with a node in the place of each leaf; the nodes are appended to leaves."""

    def node_of(leaf, label):
        leaves.append(input_node(leaf, label))
        return leaves[-1]

    return map_leaves(node_of, x, name)


def input_node(x, name):
    """A node to differentiate by; where x is a node of an outer calculation, one that hangs on it."""
    return apply(Fork(), x, name=name) if isinstance(x, Node) else Node(x, name)


def _arguments(f, xs, leaves):
    xs = as_several(xs)
    return [as_nodes(x, name, leaves) for x, name in zip(xs, _labels(parameters_of(f), xs), strict=True)]


def _labels(names, xs):
    """f's own names for its arguments, or x0, x1 … where they do not fit."""
    return names if len(names) == len(xs) else [f"x{i}" for i in range(len(xs))]


def _positions(argnums, count):
    chosen = argnums if isinstance(argnums, tuple | list) else (argnums,)
    for i in chosen or (argnums,):
        if not isinstance(i, int | np.integer) or not -count <= i < count:
            raise InputError(f"grad(f, argnums): there are {count} arguments, 0 to {count - 1}; got {i!r}")
    return [i % count for i in chosen]


def tangents_of(leaves, arguments, tangents, who):
    """{leaf: its tangent}. Raises GraphError or ShapeError where one does not fit its x."""
    tangents = as_several(tangents)
    if len(tangents) != len(arguments):
        raise GraphError(f"{who}: one tangent for each x is needed, {len(arguments)}; got {len(tangents)}")
    nodes, given = map(_by_place, (arguments, tangents))
    if nodes.keys() != given.keys():
        odd = min(nodes.keys() ^ given.keys())
        rule = f"a tangent needs the form of its x, with {len(nodes)} arrays; got {len(given)}"
        raise GraphError(f"{who}: {rule}; {odd} is in {'xs' if odd in nodes else 'tangents'} alone")
    return {node: _tangent(node, given[place], who) for place, node in nodes.items()}


def _by_place(bundles):
    """{"[0]['W']": what stands there, …}, for each leaf of the bundles."""
    found = {}
    for k, bundle in enumerate(bundles):
        map_leaves(lambda leaf, place: found.update({place: leaf}), bundle, f"[{k}]")
    return found


def _tangent(node, tangent, who):
    tangent = tangent if isinstance(tangent, Node) else as_input(tangent, f"tangent of {node.name}")
    if np.shape(tangent) != node.shape:
        rule = f"a tangent needs the shape of its x; got tangent {np.shape(tangent)}"
        raise ShapeError(f"{who}: {rule}, {node.name} {node.shape}")
    return tangent


# ---------------------------------------------------------------------------------------- the sweeps


def _pull_back(call, leaves, upstream=None):
    """The value of call(), and {leaf: its gradient}, zero where a leaf does not reach the output."""
    with derivative_by(leaves):
        output = call()
    with np.errstate(all="ignore"):
        if isinstance(upstream, Node) or any(node.gate for node in leaves):
            return output, _in_nodes(output, leaves, upstream)
        found = gradients(output, upstream)
        refuse_nan(output, found)
        gradient = {leaf: found[leaf] if leaf in found else zero_like(leaf.value) for leaf in leaves}
        if not comes_from_outside(found, leaves):
            return output.value, gradient
        in_nodes = _in_nodes(output, leaves, upstream)
    outside = comes_from_outside(topological_order(tuple(in_nodes.values())), leaves)
    return output, in_nodes if outside else gradient


def _in_nodes(output, leaves, upstream):
    found = dict(zip(leaves, gradient_graph(output, leaves, upstream), strict=True))
    refuse_nan(output, {leaf: gradient.value for leaf, gradient in found.items()})
    return found


def _in_form(argument, gradient):
    return map_leaves(lambda leaf, name: gradient[leaf], argument, "")


def push_forward_in_nodes(output, moved):
    """J · tangents as a node. Jᵀ · u is linear in u, and what carries it back to u is J."""
    u = Node(np.ones(output.shape, output.dtype), CONSTANT)
    pulled = gradient_graph(output, tuple(moved), u)
    along = sum((g * t).sum() for g, t in zip(pulled, moved.values(), strict=True))
    return gradient_graph(along, [u])[0]
