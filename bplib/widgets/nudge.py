"""Nudge: a derivative is how much the output moves when one input is nudged, divided by the nudge.

The secant turns into the tangent as the nudge h shrinks, until rounding takes over: the U-curve of the error.
"""

import traitlets

from ..errors import GraphError, InputError
from ..graph.calling import inputs_of_any_name
from ..graph.record import record
from .base import Widget, module, or_message, style
from .measuring import NUDGES, measure, nearest
from .nudge_still import still_of
from .scalars import scalar_graph, sliders


class Nudge(Widget):
    """Nudge one input of f: ``Nudge(f, x=1.0)``, or with several inputs ``Nudge(f, x=-2, y=5, z=-4)``.

    chosen    the name of the input to nudge, by default the first
    h         the nudge; the nearest of 1, 0.5, 0.2, 0.1, … 1e-16 is taken
    central   compare with the central difference instead of the forward difference
    ranges    {"x": (low, high)} for sliders that should not choose for themselves

    ``nudge.inputs``, ``chosen``, ``h`` and ``central`` follow the reader and can be set.
    What cannot be shown (arrays, NaN, no input) is said in the widget's place.
    """

    _esm = module("nudge")
    _css = style("graph", "plot", "choice", "nudge")
    remembers = ("inputs", "chosen", "h", "central")
    inputs = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)
    h = traitlets.Float().tag(sync=True)
    central = traitlets.Bool().tag(sync=True)

    @inputs_of_any_name
    def __init__(self, f, inputs, /, *, chosen=None, h=0.5, central=False, ranges=None):
        self._f, self._given = f, inputs
        data = {"sliders": []} | or_message(lambda: nudge_data(f, inputs, chosen, ranges))
        start = {slider["name"]: slider["value"] for slider in data["sliders"]}
        chosen = chosen or next(iter(start), "")
        super().__init__(data=data, inputs=start, chosen=chosen, h=h, central=central)
        self.observe(self._answer, ["inputs", "chosen"])

    @traitlets.validate("h")
    def _on_the_scale(self, proposal):
        return nearest(proposal["value"])

    @property
    def trace(self):
        """The trace at the inputs that the sliders show."""
        return record(self._f, **self._present)

    @property
    def _present(self):
        return self._given | self.inputs

    def _answer(self, _):
        """After a slider moved: Python's numbers, unless the browser finds the same by itself."""
        sliders = self.data["sliders"]
        shown = or_message(lambda: _shown(self._f, self._present, self.chosen, sliders), Exception)
        if "kernel" in (self.data.get("computes"), shown.get("computes")):
            self.data = self.data | shown

    def still(self):
        shown = _shown(self._f, self._present, self.chosen, self.data["sliders"])
        return still_of(shown["measured"], self.chosen, self.inputs[self.chosen], self.h, self.central)


def nudge_data(f, inputs, chosen=None, ranges=None):
    """What the browser needs: the graph, and what is measured around the chosen input.

    {"trace", "picture", "computes",                the graph, as scalar_graph has it
     "sliders": [{"name", "value", "low", "high", "step"}],
     "nudges": [1e-16, 2e-16, 5e-16, … 1],          the values of h
     "measured": {"value", "slope",                 f(x), and its derivative from the gates' rules
                  "curve": [[x, f(x)], …],          over the range of the slider
                  "right": [f(x + h), …], "left": [f(x − h), …]}}    one for each h; None where f has no value
    Raises GraphError for what cannot be shown, InputError where ``chosen`` or a range fits no input.
    """
    found = sliders(record(f, **inputs), ranges, "Nudge")
    names = [slider["name"] for slider in found]
    if not names:
        raise GraphError("Nudge: f needs an input that is a number, as in Nudge(f, x=1.0)")
    if chosen and chosen not in names:
        raise InputError(f"Nudge: chosen is {chosen!r}; the inputs are {', '.join(names)}")
    return {"sliders": found, "nudges": NUDGES} | _shown(f, inputs, chosen or names[0], found)


def _shown(f, inputs, chosen, sliders):
    """All of nudge_data that changes when a slider moves."""
    graph = scalar_graph(record(f, **inputs), "Nudge")
    [(low, high)] = [(slider["low"], slider["high"]) for slider in sliders if slider["name"] == chosen]
    measured, takes_branches = measure(f, inputs, chosen, low, high)
    return graph | ({"computes": "kernel"} if takes_branches else {}) | {"measured": measured}
