"""The verdict on a gradient: right, wrong, or more than differences can tell here."""

import numpy as np

from .compare import compare
from .differences import FINE
from .report import Finding
from .rounding import EPS64


def judge(what, yours, slope, mistakes=(), *, eps=EPS64, far=lambda: 0.0, beside=0.0):
    """A Finding: is yours the derivative that was measured as slope, a Slope of arrays?

    eps     of the numbers in which yours was computed
    far     asked where nothing moves: how steeply the function moves at all when its input goes far
    beside  the steepest slope of the whole, where this is a part of it: what hides beside that is no matter

    Wrong is an entry further from its slope than the digits, and all that may hide an error, allow. Else they
    are right, unless that would hide a thousandth of the largest of them too.
    """
    measured = np.isfinite(slope.value) & np.isfinite(slope.doubt)
    if not measured.all():
        finding = compare(what, yours, slope.value, room=np.inf)
        return cannot_tell(what, *_OUTSIDE) if finding.ok else finding
    digits = 1e-6 if eps == EPS64 else 1e-4
    own = 64 * eps * (slope.terms + _largest(slope.value))
    hidden = {"kink": slope.bend, "rounding": slope.rounding + own, "length": slope.apart}
    room = digits * _largest(slope.value) + sum(hidden.values())
    finding = compare(what, yours, slope.value, mistakes, rtol=digits, room=room, against="numerical")
    if not finding.ok or _largest(sum(hidden.values())) <= FINE * max(beside, _steepest(yours, slope, far)):
        return finding
    most = max(hidden, key=lambda cause: _largest(hidden[cause]))
    return cannot_tell(what, *_REASONS[most](what, _largest(hidden[most])))


def _steepest(yours, slope, far):
    """What an error has to be small beside; ∞ for a function that is constant wherever one looks."""
    return max(map(_largest, (yours, slope.value, slope.reach))) or far() or np.inf


def _largest(values):
    return np.abs(values).max(initial=0.0)


def cannot_tell(what, says, mistake="", advice=""):
    """The Finding that says neither right nor wrong."""
    return Finding(what, False, f"cannot tell here: {says}", mistake, advice, unsure=True)


_OUTSIDE = ("the function is not finite on both sides of this point; choose one inside its domain",)


def _kink(what, size):
    return (
        f"slopes differ by {2 * size:.1e} to the left and to the right",
        "kink",
        f"{what[1:]} sits on a kink, where the slopes from the left and from the right differ and no number "
        "can decide; check a little to the side of it",
    )


def _rounding(what, size):
    return (
        f"slopes below {size:.1e} are lost in rounding; choose a point where the function is less flat, "
        "leave out a large constant, or compute in float64",
    )


def _length(what, size):
    return (
        f"nudges of different lengths disagree by {size:.1e}; does the function jump, or is it random? "
        "Choose another point, and draw random numbers once, outside",
    )


_REASONS = {"kink": _kink, "rounding": _rounding, "length": _length}
