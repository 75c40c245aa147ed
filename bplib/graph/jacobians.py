"""Jacobians: formed where they are small, described where they must never be.

J[i, j] = ∂y_i/∂x_j. A backward sweep multiplies by Jᵀ and a forward sweep by J; neither ever writes J down.
"""

from math import prod
from typing import NamedTuple

import numpy as np

from ..errors import GraphError
from ..gates import concatenate
from .calling import call_on_nodes, comes_from_outside, derivative_by
from .derivatives import input_node
from .gradient_graph import gradient_graph
from .numerical import numerical_vjp
from .order import topological_order
from .passes import tangent_pass
from .quick import gradients

LARGEST = 10**8  # entries; in float64 they fill 0.75 GiB


def jacobian(f, x, by=None):
    """All of J, with shape f(x).shape + x.shape.

    by    "reverse", one backward sweep for each entry of f(x); "forward", one forward sweep for each entry of
          x; "numerical", two runs of f for each entry of x. Left out: the cheaper of the two sweeps
    Raises GraphError above 10⁸ entries, with the size J would have.
    """
    node = input_node(x, "x")
    with derivative_by([node]):
        output = call_on_nodes(f, node)
    size = jacobian_size(output.shape, node.shape, np.asarray(output.value).dtype)
    if size.entries > LARGEST:
        raise GraphError(
            f"jacobian: {size} are too many to form; vjp and jvp multiply by J without forming it"
        )
    by = by or ("reverse" if size.rows <= size.columns else "forward")
    if by not in _WAYS:
        raise GraphError(f"jacobian: by is one of {', '.join(_WAYS)}; got {by!r}")
    if node.gate or comes_from_outside(topological_order(output), [node]):
        J = _in_nodes(node, output)
        if node.gate or comes_from_outside(topological_order(J), [node]):
            return J
    with np.errstate(all="ignore"):
        J = _WAYS[by](f, node, output).reshape(output.shape + node.shape)
    if np.isnan(J).any():
        raise GraphError("jacobian: f has no derivative at this x: an entry is NaN")
    return J


def _rows(f, node, output):
    """Row i of J is what comes back when the upstream is 1 at output i and 0 elsewhere."""
    for upstream in _units(output.value):
        yield np.ravel(gradients(output, upstream).get(node, np.zeros(node.shape)))


def _columns(f, node, output):
    """Column j of J is how the output moves when entry j of x moves by 1."""
    for tangent in _units(node.value):
        *_, last = tangent_pass(output, {node: tangent})
        yield np.ravel(last.value)


def _in_nodes(node, output):
    """J as a node, row by row: of a function inside an outer calculation."""
    rows = [gradient_graph(output, [node], unit)[0].reshape(-1) for unit in _units(output.value)]
    return concatenate(rows).reshape(output.shape + node.shape)


def _nudged(f, node, output):
    return np.array([np.ravel(numerical_vjp(f, (node.value,), 0, unit)) for unit in _units(output.value)])


_WAYS = {
    "reverse": lambda *given: np.array(list(_rows(*given))),
    "forward": lambda *given: np.array(list(_columns(*given))).T,
    "numerical": _nudged,
}


def _units(value):
    """Every array of value's shape that is 1 at one entry and 0 elsewhere."""
    for k in range(np.size(value)):
        unit = np.zeros(np.shape(value), np.asarray(value).dtype)
        unit.flat[k] = 1
        yield unit if unit.shape else unit[()]


class JacobianSize(NamedTuple):
    """How large a Jacobian is, or would be."""

    rows: int
    columns: int
    itemsize: int

    @property
    def entries(self):
        return self.rows * self.columns

    @property
    def bytes(self):
        return self.entries * self.itemsize

    def __str__(self):
        return f"{self.rows} × {self.columns} = {self.entries} entries ({_readable(self.bytes)})"


def jacobian_size(y_shape, x_shape, dtype=np.float64):
    """The size of ∂y/∂x from the two shapes alone: nothing is formed."""
    return JacobianSize(prod(y_shape), prod(x_shape), np.dtype(dtype).itemsize)


def _readable(size):
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024 or unit == "TiB":
            return f"{size:.4g} {unit}"
        size /= 1024


def jacobian_structure(J, x_ndim=1):
    """What a formed Jacobian looks like, in words, with the number of its entries that are not 0.

    J        shape y.shape + x.shape
    x_ndim   how many of the axes of J belong to x
    Says zero, diagonal, block diagonal (with the number of equal blocks) or full, and how many are not 0.
    """
    J = np.asarray(J)
    y_ndim = J.ndim - x_ndim
    matrix = J.reshape(prod(J.shape[:y_ndim]), prod(J.shape[y_ndim:]))
    filled = np.count_nonzero(matrix)
    return f"{_shape_of(matrix)}: {filled} of {matrix.size} entries are not 0"


def _shape_of(matrix):
    if not matrix.any():
        return "zero"
    rows, columns = matrix.shape
    for blocks in range(min(rows, columns), 1, -1):
        if rows % blocks == columns % blocks == 0 and _only_blocks(matrix, blocks):
            return "diagonal" if blocks == rows == columns else f"block diagonal, {blocks} blocks"
    return "full"


def _only_blocks(matrix, blocks):
    """Whether all that is not 0 lies in ``blocks`` equal blocks along the diagonal."""
    rows, columns = (n // blocks for n in matrix.shape)
    i, j = np.nonzero(matrix)
    return np.array_equal(i // rows, j // columns)
