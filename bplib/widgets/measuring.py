"""What the Nudge finds: f around one input, and the slopes that ever shorter nudges give.

static/measuring.js does the same in the browser, function for function.
"""

import math

from ..errors import GraphError, InputError
from ..graph.record import record
from .scalars import gates_of

NUDGES = [float(f"{m}e-{e}") for e in range(16, 0, -1) for m in (1, 2, 5)] + [1.0]
STRETCHES = 160  # of the drawn curve
EPS = 2.0**-52


def measure(f, inputs, chosen, low, high):
    """(measured, takes_branches): f around the chosen input, as nudge_data has it, from low to high.

    takes_branches    whether f is not the same graph everywhere, so that the browser cannot go on alone
    Raises GraphError where f has no value at its inputs.
    """
    trace, x = record(f, **inputs), inputs[chosen]
    met = {gates_of(trace)}

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

    places = [low + (high - low) * i / STRETCHES for i in range(STRETCHES + 1)]
    measured = {
        "value": trace.output,
        "slope": trace.gradient[chosen],
        "curve": [[place, at(place)] for place in places],
        "right": [at(x + h) for h in NUDGES],
        "left": [at(x - h) for h in NUDGES],
    }
    return measured, len(met) > 1


def differences(measured):
    """{"forward": {"slopes", "errors", "best"}, "central": {…}}, from the values on both sides of x.

    slopes    for each h: (f(x + h) − f(x)) / h, and (f(x + h) − f(x − h)) / 2h; None where f has no value
    errors    how far they are from the derivative
    best      the place of the best h: the largest one whose error is the least, or no more than rounding
    """
    value, right, left = (measured[key] for key in ("value", "right", "left"))
    forward = [_slope(value, r, h) for h, r in zip(NUDGES, right, strict=True)]
    central = [_slope(l, r, 2 * h) for h, r, l in zip(NUDGES, right, left, strict=True)]
    return {"forward": _judged(measured, forward), "central": _judged(measured, central)}


def _slope(start, end, run):
    return None if None in (start, end) else (end - start) / run


def _judged(measured, slopes):
    errors = [None if slope is None else abs(slope - measured["slope"]) for slope in slopes]
    known = {k: error for k, error in enumerate(errors) if error is not None}
    rounding = EPS * (abs(measured["slope"]) + abs(measured["value"]))
    least = max(min(known.values(), default=0.0), rounding)
    best = max((k for k, error in known.items() if error <= least), default=-1)
    return {"slopes": slopes, "errors": errors, "best": best}


def nearest(h):
    """The nudge that is nearest to h, as a factor. Raises InputError unless h is positive."""
    if not h > 0:
        raise InputError(f"Nudge: h must be a positive number; got {h!r}")
    return min(NUDGES, key=lambda nudge: abs(math.log(nudge / h)))
