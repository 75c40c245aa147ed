"""The JacobianExplorer: all the derivatives of a vector function, and the one product that backward needs."""

from itertools import product

import numpy as np
import traitlets

from ..draw.tables import Table, mimebundle_of_tables
from ..errors import GraphError, InputError, expect_shapes
from ..graph.derivatives import vjp
from ..graph.jacobians import jacobian, jacobian_size, jacobian_structure
from ..graph.record import record
from ..graph.trace import plain
from ..values import as_input
from .base import Widget, can_be_sent, module, or_message, style

MOST_ENTRIES = 60  # of x, and of f(x)
LARGE = (10, 512)  # a batch of 10 through a layer of 512: where the sliders of the memory meter begin
LARGEST = (100, 4096)  # and where they end: what lesson 3 lets a reader guess
MEANING = {
    "zero": "No input reaches an output: nothing comes back.",
    "diagonal": "Each input reaches at most one output, so Jᵀv is a product entry by entry.",
    "block diagonal": "Each block knows only its own inputs and outputs: what is outside is 0.",
    "full": "Inputs and outputs are mixed, and still Jᵀv takes one backward sweep.",
}


class JacobianExplorer(Widget):
    """The Jacobian J of f at x as a heat map, with Jᵀv beside it: ``JacobianExplorer(f, x, v)``.

    x, v    any shape; up to 60 entries in x and in f(x). v, the shape of f(x), is 1 everywhere if left out
    Rows are outputs and columns are inputs. ``explorer.v`` follows the reader, flat, and can be set.
    What cannot be shown (too large, NaN, a v of another shape) is said in its place.
    """

    _esm = module("jacobian")
    _css = style("table", "jacobian")
    remembers = ("v",)
    v = traitlets.List(traitlets.Float()).tag(sync=True)

    def __init__(self, f, x, v=None):
        self._f, self._x = f, x
        data = {"start": []} | or_message(lambda: jacobian_data(f, x, v))
        super().__init__(data=data, v=data["start"])

    @traitlets.validate("v")
    def _one_for_each_output(self, proposal):
        v, wanted = proposal["value"], len(self.data["start"])
        if len(v) != wanted or not can_be_sent(v):
            raise InputError(f"JacobianExplorer: v is {wanted} finite numbers, one for each output; got {v}")
        return v

    @property
    def gradient(self):
        """Jᵀv at the v that is shown, in the shape of x, by one backward sweep."""
        v = np.reshape(self.v, self.data["y"]["shape"])
        return vjp(self._f, as_input(self._x, "x"), v if v.ndim else float(v))

    def _without_noise(self, gradient):
        """What rounding leaves of terms that cancel is 0."""
        noise = 4 * np.finfo(float).eps * np.abs(self.v) @ np.abs(self.data["J"])
        return plain(np.where(np.abs(np.ravel(gradient)) <= noise, 0.0, np.ravel(gradient)))

    def still(self):
        J, x, y = self.data["J"], self.data["x"], self.data["y"]
        down, across = _headers("y", y), _headers("x", x)
        v = Table("v", "gradient", [[entry] for entry in self.v], down)
        below = Table("Jᵀv", "gradient", [self._without_noise(self.gradient)], columns=across)
        tables = [[v, Table("J = ∂y/∂x", "local", J, columns=across)], [below]]
        return mimebundle_of_tables("The Jacobian and Jᵀv", tables, [self.data["structure"], _large()])


def jacobian_data(f, x, v=None):
    """What the browser needs, as plain data.

    {"J": rows of numbers, one row for each entry of f(x), one column for each entry of x,
     "x", "y": {"shape", "index": where each entry stands, "value": flat}, "start": v, flat,
     "structure": in words, "meaning": what follows from it,
     "large", "largest": where the memory meter begins and ends}
    Raises GraphError for what is too large or infinite, ShapeError for a v that does not fit.
    """
    x = as_input(x, "x")
    y = record(lambda x: f(x), x=x, backward=False).output
    size = jacobian_size(np.shape(y), np.shape(x))
    if not 0 < min(size.rows, size.columns) <= max(size.rows, size.columns) <= MOST_ENTRIES:
        raise GraphError(
            f"JacobianExplorer: a J of {size.rows} × {size.columns} does not suit a screen; it shows 1 × 1 "
            f"up to {MOST_ENTRIES} × {MOST_ENTRIES}. What learning needs is vjp(f, x, v), and that forms no J"
        )
    v = np.ones(np.shape(y)) if v is None else as_input(v, "v")
    expect_shapes(np.shape(v) == np.shape(y), "JacobianExplorer", "v needs the shape of f(x)", v=v, y=y)
    J = jacobian(f, x)
    structure = jacobian_structure(J, x_ndim=np.ndim(x))
    data = {
        "J": plain(np.reshape(J, (size.rows, size.columns))),
        "x": _entries(x),
        "y": _entries(y),
        "start": plain(np.ravel(v)),
        "structure": f"J is {size.rows} × {size.columns}, {structure}.",
        "meaning": next(MEANING[kind] for kind in MEANING if structure.startswith(kind)),
        "large": LARGE,
        "largest": LARGEST,
    }
    if not can_be_sent(data):
        raise GraphError("JacobianExplorer: a number is not finite here; choose another x")
    return data


def _entries(value):
    shape = np.shape(value)
    places = [",".join(map(str, place)) for place in product(*map(range, shape))]
    return {"shape": list(shape), "index": places, "value": plain(np.ravel(value))}


def _headers(name, entries):
    """y[0], y[1] …, y[0,1] for a matrix; y alone for a number."""
    return tuple(f"{name}[{place}]" if place else name for place in entries["index"])


def _large():
    size = jacobian_size(LARGE, LARGE, np.float32)
    return "A batch of {} through {} entries in float32: J would have {}.".format(*LARGE, size)
