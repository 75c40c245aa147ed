"""The Nudge on paper: the curve with its secant, the errors over h, and both in words."""

import math

from ..draw.chart import Chart
from ..draw.panels import mimebundle_of_panels
from ..draw.wording import MINUS, brief, number
from .measuring import NUDGES, differences

SMALLEST = 1e-16  # an error below this is drawn here
POWERS = {-16: "1e−16", -12: "1e−12", -8: "1e−8", -4: "1e−4", 0: "1"}  # the ticks of a logarithmic axis


def still_of(measured, name, x, h, central):
    """The mimebundle of what was measured around the input ``name`` at x, with the secant for this h."""
    k, found = NUDGES.index(h), differences(measured)
    start, slope = (x, measured["value"]), found["forward"]["slopes"][k]
    if central:
        start, slope = (x - h, measured["left"][k]), found["central"]["slopes"][k]
    charts = [_of_the_curve(measured, name, x, start, slope), _of_the_errors(found, k)]
    title = f"Nudge {name} = {number(x)} by h = {brief(h)}"
    return mimebundle_of_panels(title, charts, _in_words(measured, found, k, name))


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


def _of_the_errors(found, k):
    def points(scheme):
        rows = zip(NUDGES, found[scheme]["errors"], strict=True)
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


def _in_words(measured, found, k, name):
    slope, h = measured["slope"], NUDGES[k]
    lines = [f"derivative from the gates' rules: {_digits(slope)}"]
    for which, judged in found.items():
        rough, errors, best = judged["slopes"][k], judged["errors"], judged["best"]
        if rough is not None:
            told = f"{which} difference, h = {brief(h)}: {_digits(rough)}, error {number(errors[k])}"
            lines.append(f"{told}; the best h is {brief(NUDGES[best])}, error {number(errors[best])}")
    if measured["right"][k] is not None:
        actual = _digits(measured["right"][k] - measured["value"])
        lines.append(f"{name} + h: predicted change gradient × h = {_digits(slope * h)}, actual {actual}")
    return lines


def _digits(x):
    return f"{x:.7g}".replace("e-0", "e-").replace("-", MINUS)
