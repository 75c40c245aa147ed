"""Nudge: a derivative is how much the output moves when one input is nudged, divided by the nudge.

The secant turns into the tangent as the nudge h shrinks, until rounding takes over: the U-curve of the error.
"""

import math

import traitlets

from ..derivatives import record
from ..draw.chart import Chart
from ..draw.panels import mimebundle_of_panels
from ..draw.wording import MINUS, brief, number
from ..errors import GraphError, InputError
from .base import Widget, module, or_message, style
from .scalars import gates_of, scalar_graph, sliders

NUDGES = [float(f"{m}e-{e}") for e in range(16, 0, -1) for m in (1, 2, 5)] + [1.0]
POINTS = 160  # stretches of the drawn curve
SMALLEST = 1e-16  # an error below this is drawn here
EPS = 2.0**-52
POWERS = {-16: "1e−16", -12: "1e−12", -8: "1e−8", -4: "1e−4", 0: "1"}  # the ticks of a logarithmic axis


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

    def __init__(self, f, /, *, chosen=None, h=0.5, central=False, ranges=None, **inputs):
        self._f, self._given = f, inputs
        data = {"sliders": []} | or_message(lambda: nudge_data(f, inputs, chosen, ranges))
        start = {slider["name"]: slider["value"] for slider in data["sliders"]}
        chosen, h = chosen or next(iter(start), ""), NUDGES[_nearest(h)]
        super().__init__(data=data, inputs=start, chosen=chosen, h=h, central=central)
        self.observe(self._answer, ["inputs", "chosen"])

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
        shown = or_message(lambda: _measured(self._f, self._present, self.chosen, sliders), Exception)
        if "kernel" in (self.data.get("computes"), shown.get("computes")):
            self.data = self.data | shown

    def still(self):
        x, name = self.inputs[self.chosen], self.chosen
        measured = _measured(self._f, self._present, name, self.data["sliders"])["measured"]
        k, slopes = _nearest(self.h), quotients(measured)
        start, slope = (x, measured["value"]), slopes["forward"][k]
        if self.central:
            start, slope = (x - NUDGES[k], measured["left"][k]), slopes["central"][k]
        charts = [_of_the_curve(measured, name, x, start, slope), _of_the_errors(measured, slopes, k)]
        title = f"Nudge {name} = {number(x)} by h = {brief(self.h)}"
        return mimebundle_of_panels(title, charts, _in_words(measured, slopes, k, name))


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
    return {"sliders": found, "nudges": NUDGES} | _measured(f, inputs, chosen or names[0], found)


def quotients(measured):
    """The slopes that each h gives: {"forward": [(f(x + h) − f(x)) / h, …], "central": […]}."""
    value, right, left = (measured[key] for key in ("value", "right", "left"))
    return {
        "forward": [_slope(value, r, h) for h, r in zip(NUDGES, right, strict=True)],
        "central": [_slope(l, r, 2 * h) for h, r, l in zip(NUDGES, right, left, strict=True)],
    }


def _slope(start, end, run):
    return None if None in (start, end) else (end - start) / run


def _measured(f, inputs, chosen, sliders):
    """All of nudge_data that changes when a slider moves."""
    trace, x = record(f, **inputs), inputs[chosen]
    graph, met = scalar_graph(trace, "Nudge"), {gates_of(trace)}

    def at(x):
        try:
            trace = record(f, backward=False, **inputs | {chosen: x})
        except GraphError:  # a NaN: f is not defined there
            return None
        except Exception:  # or f itself refuses that x, which the browser would not know
            met.add(None)
            return None
        met.add(gates_of(trace))
        return trace.output if math.isfinite(trace.output) else None

    [(low, high)] = [(slider["low"], slider["high"]) for slider in sliders if slider["name"] == chosen]
    places = [low + (high - low) * i / POINTS for i in range(POINTS + 1)]
    measured = {
        "value": trace.output,
        "slope": trace.gradient[chosen],
        "curve": [[place, at(place)] for place in places],
        "right": [at(x + h) for h in NUDGES],
        "left": [at(x - h) for h in NUDGES],
    }
    takes_branches = {"computes": "kernel"} if len(met) > 1 else {}
    return graph | takes_branches | {"measured": measured}


def _nearest(h):
    """The place of the nudge that is nearest to h, as a factor. Raises InputError unless h is positive."""
    if not h > 0:
        raise InputError(f"Nudge: h must be a positive number; got {h!r}")
    return min(range(len(NUDGES)), key=lambda k: abs(math.log(NUDGES[k] / h)))


def errors(measured, slopes):
    """How far the slopes are from the derivative."""
    return [None if slope is None else abs(slope - measured["slope"]) for slope in slopes]


def best(measured, slopes):
    """The place of the best h: the largest one whose error is the least, or no more than rounding."""
    known = {k: error for k, error in enumerate(errors(measured, slopes)) if error is not None}
    least = max(min(known.values()), EPS * (abs(measured["slope"]) + abs(measured["value"])))
    return max(k for k, error in known.items() if error <= least)


# ------------------------------------------------------------------------------------------ the still picture


def _of_the_curve(measured, name, x, start, slope):
    value, ends = measured["value"], [measured["curve"][0][0], measured["curve"][-1][0]]
    known = [point for point in measured["curve"] if point[1] is not None]

    low, high = window([y for _, y in known], value)

    def line(start, slope):
        """From one side of the frame to the other."""
        x0, y0 = start
        crossings = [x0 + (y - y0) / slope for y in (low, high)] if slope else ends
        reach = (max(min(crossings), ends[0]), min(max(crossings), ends[1]))
        return [(place, y0 + slope * (place - x0)) for place in reach]

    secant = [] if slope is None else [("secant", "ink", line(start, slope), False)]
    tangent = ("tangent", "gradient", line((x, value), measured["slope"]), True)
    return Chart(
        f"f over {name}",
        tuple(ends),
        (low, high),
        {end: number(end) for end in ends} | {x: number(x)},
        {y: number(y) for y in (low, value, high)},
        (("f", "value", known, False), *secant, tangent),
        (("value", (x, value)),),
    )


def window(ys, value):
    """The ends of the y axis: the curve without its extreme 2 %, for 1/x has no end."""
    ys = sorted(ys)
    ends = (ys[len(ys) // 50], ys[-1 - len(ys) // 50], value)
    low, high = min(ends), max(ends)
    room = (high - low or abs(high) or 1.0) / 10
    return low - room, high + room


def _of_the_errors(measured, slopes, k):
    def points(scheme):
        rows = zip(NUDGES, errors(measured, slopes[scheme]), strict=True)
        return [(math.log10(h), math.log10(max(e, SMALLEST))) for h, e in rows if e is not None]

    forward, central = points("forward"), points("central")
    top = max(0.0, *(y for _, y in forward + central))
    now = math.log10(NUDGES[k])
    return Chart(
        "error over h",
        (-16, 0),
        (-16, top),
        POWERS,
        POWERS,
        (
            ("forward", "ink", forward, True),
            ("central", "ink", central, False),
            ("h", "muted", [(now, -16), (now, top)], True),
        ),
    )


def _in_words(measured, slopes, k, name):
    value, slope, h = measured["value"], measured["slope"], NUDGES[k]
    lines = [f"derivative from the gates' rules: {_digits(slope)}"]
    for which in ("forward", "central"):
        rough, place = slopes[which][k], best(measured, slopes[which])
        if rough is not None:
            error = errors(measured, slopes[which])
            told = f"{which} difference, h = {brief(h)}: {_digits(rough)}, error {number(error[k])}"
            lines.append(f"{told}; the best h is {brief(NUDGES[place])}, error {number(error[place])}")
    if measured["right"][k] is not None:
        actual = _digits(measured["right"][k] - value)
        lines.append(f"{name} + h: predicted change gradient × h = {_digits(slope * h)}, actual {actual}")
    return lines


def _digits(x):
    return f"{x:.7g}".replace("e-0", "e-").replace("-", MINUS)
