"""SoftmaxLoss: scores to move, what softmax makes of them, and the gradient y − t that pushes them."""

import numpy as np
import traitlets

from ..draw.tables import Table, mimebundle_of_tables
from ..errors import InputError
from ..gates import softmax, softmax_with_loss
from ..graph.record import record
from .base import Widget, module, or_message, style

MOST_CLASSES, FURTHEST = 8, 1500.0


class SoftmaxLoss(Widget):
    """Softmax and its loss for one sample: ``SoftmaxLoss(z=(0.3, 2.9, 4.0), t=1)``, t counted from 0.

    z, t    the scores and the true class; they follow the reader and can be set
    c       a number that is added to every score, and changes nothing
    The browser computes, naively as well as it should be done. What cannot be shown (not one row of 2 to 8
    scores, NaN, a score beyond ±1500, no such class) is said in its place.
    """

    _esm = module("softmax")
    _css = style("table", "softmax")
    remembers = ("z", "t", "c")
    z = traitlets.List(traitlets.Float()).tag(sync=True)
    t = traitlets.Int().tag(sync=True)
    c = traitlets.Float().tag(sync=True)

    def __init__(self, z=(0.3, 2.9, 4.0), t=1, c=0.0):
        data = or_message(lambda: {"start": softmax_data(z, t, c)})
        start = {} if data["message"] else {name: data["start"][name] for name in "ztc"}
        super().__init__(data=data, **start)

    def still(self):
        now = softmax_data(self.z, self.t, self.c)
        classes = [f"class {i}" for i in range(len(now["y"]))]
        columns = {"score": ("scores", "value"), "y": ("y", "value"), "y − t": ("gradient", "gradient")}
        tables = [
            Table(name, role, [[x] for x in now[key]], classes if key == "scores" else ())
            for name, (key, role) in columns.items()
        ]
        notes = [
            f"The true class is {self.t}: loss = −log y = {now['loss']:.4f}",
            f"y and t each add up to 1, and y − t to {sum(now['gradient']):z.4f}.",
        ]
        return mimebundle_of_tables("Softmax with loss", [tables], notes)


def softmax_data(z, t, c=0.0):
    """One row of scores z + c and the true class t, with the y, loss and gradient of bplib.

    {"z": […], "t": 1, "c": 0.0, "scores": [z + c], "y": […], "loss": 1.41, "gradient": [y − t]}
    Raises InputError or ShapeError for what is not 2 to 8 finite scores and the index of one of them.
    """
    trace = record(lambda z: softmax_with_loss(z + c, t), z=z)
    z = trace.value["z"]
    if np.ndim(z) != 1 or not 2 <= len(z) <= MOST_CLASSES:
        raise InputError(f"SoftmaxLoss: z is one row of 2 to {MOST_CLASSES} scores; got shape {np.shape(z)}")
    if np.max(np.abs([*z, c])) > FURTHEST:
        raise InputError(
            f"SoftmaxLoss: a slider reaches from −{FURTHEST:g} to {FURTHEST:g}; choose z and c there"
        )
    return {
        "z": z.tolist(),
        "t": int(t),
        "c": float(c),
        "scores": (z + c).tolist(),
        "y": softmax.forward(z + c).tolist(),
        "loss": float(trace.output),
        "gradient": trace.gradient["z"].tolist(),
    }
