"""Is this number right, and if not, which mistake does it look like? Every check asks here."""

from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from ..errors import BplibError
from .report import NOT_ANSWERED, Finding


class Mistake(NamedTuple):
    """A mistake that gives itself away by its result.

    name     in two or three words
    advice   a sentence that explains it without giving the answer away
    gives    the value one gets by making it, or a function that tells it from yours
    """

    name: str
    advice: str
    gives: Any


def compare(
    what, yours, wanted, mistakes=(), *, rtol=1e-6, floor=0.0, room=None, against="expected", show=True
):
    """A Finding: is ``yours`` equal to ``wanted``, in shape and in value?

    Equal means max|yours − wanted| ≤ rtol · max|wanted| + floor: relative on the scale of the whole array, so
    that a wrong small gradient cannot hide, with a floor for rounding, so that a true zero does not fail.

    room        how far each entry may be off, in place of that
    mistakes    looked through in order when the answer is wrong; the first whose value matches is named
    against     what wanted is called in the sentence, such as "numerical"
    show        whether the sentence may show wanted
    """
    if yours is None or yours is Ellipsis:
        return Finding(what, False, NOT_ANSWERED, missing=True)
    kind, yours = type(yours).__name__, _numbers(yours)
    if yours is None:
        return Finding(what, False, f"should be a number or an array of numbers; got {kind}")
    wanted = np.asarray(wanted, dtype=float)
    if close(yours, wanted, rtol, floor) if room is None else _within(yours, wanted, room):
        return Finding(what, True, "agrees")
    floor = floor if room is None else np.max(room, initial=0.0)
    if yours.shape == wanted.shape and not np.isfinite(yours).all():
        return Finding(what, False, f"contains {yours[~np.isfinite(yours)][0]}", *_NOT_FINITE)
    named = next((m for m in mistakes if _explains(m, yours, wanted, rtol, floor)), _NONE)
    if named is _NONE and is_rounded(yours, wanted):
        return Finding(what, False, "is right as far as it goes", *_TOO_FEW_DIGITS)
    return Finding(what, False, _difference(yours, wanted, against, show), named.name, named.advice)


_NONE = Mistake("", "", None)
_TOO_FEW_DIGITS = "too few digits", "your number has been rounded too early: give a digit or two more, please"
_NOT_FINITE = ("not finite", "look for a division by zero, an overflow or a value that was never set")


def _numbers(x):
    """x as an array of floats, or None: text is no number, even "3", and a complex number is not real."""
    try:
        array = np.asarray(x)
        return array.astype(float) if array.dtype.kind in "biufO" else None
    except (TypeError, ValueError, BplibError):
        return None


def close(yours, wanted, rtol, floor=0.0):
    """Same shape, all finite, and nowhere further apart than rtol · max|wanted| + floor."""
    return _within(yours, wanted, rtol * np.abs(wanted).max(initial=0.0) + floor)


def _within(yours, wanted, room):
    if yours.shape != wanted.shape or not np.isfinite(yours).all():
        return False
    return not (np.abs(yours - wanted) > room).any()


def _explains(mistake, yours, wanted, rtol, floor):
    gives = mistake.gives(yours) if callable(mistake.gives) else mistake.gives
    gives = np.asarray(gives, dtype=float)
    if not np.isfinite(gives).all():
        return False
    return not close(gives, wanted, 10 * rtol, floor) and close(yours, gives, rtol, floor)


def is_rounded(yours, wanted):
    """Whether yours is one number, wanted rounded to two significant digits or more."""
    if yours.shape or wanted.shape or not wanted:
        return False
    exact, own = Decimal(float(wanted)), Decimal(repr(float(yours)))
    _, digits, exponent = own.as_tuple()
    return len(digits) >= 2 and abs(own - exact) <= Decimal(1).scaleb(exponent) / 2


def _difference(yours, wanted, against, show):
    if not yours.shape and wanted.shape:
        return f"is a single number, but needs shape {wanted.shape}"
    if yours.shape and not wanted.shape:
        return f"has shape {yours.shape}, but should be a single number"
    if yours.shape != wanted.shape:
        return f"has shape {yours.shape}, but needs {wanted.shape}"
    worst = np.unravel_index(np.abs(yours - wanted).argmax(), yours.shape)
    where = f" at {[int(i) for i in worst]}" if yours.ndim else ""
    relative = abs(yours[worst] - wanted[worst]) / np.abs(wanted).max() if wanted.any() else np.inf
    told = f", {against} {wanted[worst] + 0.0:.6g} (relative error {relative:.1e})" if show else ""
    return f"differs{where}: yours {yours[worst]:.6g}{told}"
