"""Second derivatives of functions: a gradient is a graph, which is differentiated once more.

H[i, j] = ∂²f / ∂x_i ∂x_j, the Jacobian of the gradient. H · v is a forward sweep over that graph and costs a
few gradients, whatever the size of x.
"""

import numpy as np

from ..errors import GraphError
from ..gates import Gate
from ..values import has_nan, zero_like
from .calling import call_on_nodes, comes_from_outside, derivative_by
from .derivatives import _arguments, _in_form, grad, push_forward_in_nodes, tangents_of
from .gradient_graph import gradient_graph
from .jacobians import jacobian
from .node import Node
from .order import topological_order
from .quick import push_forward


def hessian(f):
    """The function that gives the matrix of all second derivatives of a scalar-valued f.

    hessian(f)(x) -> x.shape + x.shape; further arguments of f are data: hessian(f)(x, t)
    Raises GraphError for a rule that cannot be differentiated again, and above 10⁸ entries (use hvp).
    """
    gradient = grad(f, argnums=0)

    def second(x, *data):
        return jacobian(lambda node: gradient(node, *data), x)

    return second


def hvp(f, x, v):
    """H · v, H the Hessian of a scalar-valued f at x: H itself is never formed.

    x, v    one value or several, dicts and lists among them, each v of the shape of its x
    Returns one part for each x, in its form. Raises ShapeError when a v has another shape than its x.
    Source: B. Pearlmutter, Fast exact multiplication by the Hessian, 1994.
    """
    leaves = []
    arguments = _arguments(f, x, leaves)
    moved = tangents_of(leaves, arguments, v, "hvp")
    with derivative_by(leaves):
        output = call_on_nodes(f, *arguments)
    with np.errstate(all="ignore"):
        gradient = tuple(gradient_graph(output, leaves))
        order = topological_order(gradient)
        in_nodes = any(isinstance(t, Node) for t in moved.values()) or comes_from_outside(order, leaves)
        if in_nodes or not all(_has_jvp(node.gate) for node in order if node.gate):
            nodes = [push_forward_in_nodes(g, moved) for g in gradient]
            values = [node.value for node in nodes]
        else:
            moved = push_forward(gradient, moved)
            values = [moved[g] if g in moved else zero_like(g.value) for g in gradient]
    if any(map(has_nan, values)):
        raise GraphError("hvp: f has no second derivative at this x: an entry is NaN")
    products = dict(zip(leaves, nodes if in_nodes else values, strict=True))
    found = tuple(_in_form(x, products) for x in arguments)
    return found if isinstance(x, tuple) else found[0]


def _has_jvp(gate):
    """Whether the gate, or somebody else's rule in it, states how tangents go forward."""
    return getattr(type(getattr(gate, "rule", gate)), "jvp", Gate.jvp) is not Gate.jvp
