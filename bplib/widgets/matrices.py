"""MatrixBackprop: the gradients of Y = X W + b found one entry at a time, with shapes that lead the way."""

import numpy as np
import traitlets

from ..draw.tables import Table, mimebundle_of_tables
from ..errors import GraphError, InputError, expect_shapes, shapes
from ..gates import affine, matmul
from ..graph.jacobians import jacobian
from ..graph.record import record
from ..graph.trace import plain
from ..values import as_input
from .base import Widget, can_be_sent, module, or_message, style

MOST_ROWS = 8  # and columns, of each matrix


class MatrixBackprop(Widget):
    """Y = X W + b with its gradients, one entry at a time: ``MatrixBackprop(X, W, dY, b)``.

    X (N, D), W (D, M), dY (N, M), b (M,) or left out    N, D, M up to 8; dY is the upstream ∂loss/∂Y

    ``chosen``, ["X", 0, 1] for X[0, 1] or ["b", 2] for b[2], and ``rows``, how many of the N samples take
    part, follow the reader and can be set.
    What cannot be shown (shapes that do not fit, NaN) is said in its place.
    """

    _esm = module("matrices")
    _css = style("table", "matrices")
    remembers = ("chosen", "rows")
    chosen = traitlets.List(["X", 0, 0]).tag(sync=True)
    rows = traitlets.Int().tag(sync=True)

    def __init__(self, X, W, dY, b=None):
        data = {"batches": []} | or_message(lambda: matrices_data(X, W, dY, b))
        super().__init__(data=data, rows=len(data["batches"]))

    @traitlets.validate("chosen")
    def _an_entry(self, proposal):
        name, *place = proposal["value"]
        slices = self.data.get("slices", {})
        shape = np.shape(slices.get(name, ()))[name == "b" : 2]
        fits = len(place) == len(shape) > 0 and all(0 <= i < n for i, n in zip(place, shape, strict=True))
        if slices and not fits:
            raise InputError(
                f'MatrixBackprop: chosen is an entry, such as ["X", 0, 1] or ["b", 2]; got {[name, *place]}'
            )
        return proposal["value"]

    @traitlets.validate("rows")
    def _some_rows(self, proposal):
        most = len(self.data["batches"])
        if most and not 1 <= proposal["value"] <= most:
            raise InputError(f"MatrixBackprop: rows is a number from 1 to {most}; got {proposal['value']}")
        return proposal["value"]

    def still(self):
        given, found = self.data["given"], self.data["batches"][self.rows - 1]
        ahead = [_table(name, "value", given[name]) for name in ("X", "W", "b") if name in given]
        ahead += [_table("Y", "value", found["Y"])]
        back = [_table("dY", "gradient", given["dY"][: self.rows])]
        back += [
            _table(f"d{name}", "gradient", found[f"d{name}"]) for name in ("X", "W", "b") if name in given
        ]
        return mimebundle_of_tables(_title("b" in given), [ahead, back], found["rules"])


def matrices_data(X, W, dY, b=None):
    """What the browser needs, as plain data. Everything is in rows: b and db are one row.

    {"given": {"X", "W", "b", "dY"}, "title",
     "batches": [{"Y", "dX", "dW", "db", "rules"} of the first sample, of the first two, …],
     "slices": {"X": slices["X"][i][j] is ∂Y/∂X[i, j], in the shape of Y, "W", "b"}}
    Raises ShapeError, InputError, or GraphError for what is too large or infinite.
    """
    inputs = {"X": as_input(X, "X"), "W": as_input(W, "W")}
    if b is not None:
        inputs["b"] = as_input(b, "b")
    dY = as_input(dY, "dY")
    _check(inputs["X"], inputs["W"], dY)
    data = {
        "title": _title(b is not None),
        "given": {name: plain(np.atleast_2d(value)) for name, value in inputs.items()} | {"dY": plain(dY)},
        "batches": [_batch(inputs, dY, n) for n in range(1, len(dY) + 1)],
        "slices": {name: _slices(inputs, name) for name in inputs},
    }
    if not can_be_sent(data):
        raise GraphError("MatrixBackprop: a number is not finite here; choose smaller ones")
    return data


def _check(X, W, dY):
    matrices = np.ndim(X) == np.ndim(W) == 2 and np.shape(dY) == (len(X), W.shape[1])
    rule = "X (N, D), W (D, M) and dY (N, M) are needed; one sample is X[None, :]"
    expect_shapes(matrices, "MatrixBackprop", rule, X=X, W=W, dY=dY)
    if not all(0 < n <= MOST_ROWS for n in X.shape + W.shape):
        raise GraphError(
            f"MatrixBackprop: {shapes(X=X, W=W)} do not suit a screen; "
            f"it shows 1 to {MOST_ROWS} rows and columns"
        )


def _multiplied(X, W, b=None):
    return matmul(X, W) if b is None else affine(X, W, b)


def _batch(inputs, dY, n):
    """Y, and what comes back to each input, when the first n samples are all there are."""
    trace = record(_multiplied, upstream=dY[:n], **inputs | {"X": inputs["X"][:n]})
    gradients = {f"d{name}": plain(np.atleast_2d(trace.gradient[name])) for name in inputs}
    return {"Y": plain(trace.output), "rules": _rules(dY[:n], *inputs.values())} | gradients


def _slices(inputs, name):
    """∂Y/∂X[i, j] for each i and j: how all of Y moves with one entry."""
    value = np.atleast_2d(inputs[name])
    J = jacobian(lambda x: _multiplied(**inputs | {name: x}), inputs[name])
    Y_last = np.moveaxis(J, (0, 1), (-2, -1))
    return plain(Y_last.reshape(value.shape + J.shape[:2]))


def _rules(dY, X, W, b=None):
    (N, M), D = dY.shape, len(W)
    rules = [
        f"dX = dY Wᵀ: ({N}, {M}) · ({M}, {D}) → ({N}, {D})",
        f"dW = Xᵀ dY: ({D}, {N}) · ({N}, {M}) → ({D}, {M})",
    ]
    return rules if b is None else [*rules, f"db = Σ rows of dY: ({N}, {M}) → ({M},)"]


def _title(has_bias):
    return "Y = X W + b" if has_bias else "Y = X W"


def _table(name, role, values):
    rows, columns = (tuple(map(str, range(n))) if n > 1 else () for n in np.shape(values))
    return Table(name, role, values, rows, columns)
