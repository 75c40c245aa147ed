"""The common stock of slips: what may go wrong in any calculation, told by what was computed.

A question names the slips that are its own first. Where none of them fits, the numbers are looked at again:
is a factor missing, or a term; was a slope taken at the wrong place; is this another value of the task; are
these the right numbers, but squared, summed up, or in another order? What is said is what the numbers say.
"""

from itertools import product

import numpy as np

from .compare import Mistake, is_rounded
from .mistakes import OF_A_RESULT

ALMOST = 2e-2  # an error that a step too wide, an addition against log 0, or float32 may make


def usual_slips(
    wanted, *, factors=None, terms=None, slopes=None, instead=None, values=None, step=None, shapes=()
):
    """A list of the Mistakes of the common stock around a right answer, the special ones first.

    factors   {name: value}: wanted is a multiple of each
    terms     {name: value}: wanted is their sum
    slopes    {name: (function, at)}, or (function, at, part): wanted, or a part of it, is a multiple of the
              slope of "sigmoid", "tanh" or "relu", taken at these numbers
    instead   {name: (factor, others)}, or (factor, others, part): a factor of wanted, or of a part of it, and
              what else may stand in its place
    values    {name: value}: what else occurs in the task, such as its other results
    step      of the differences by which wanted is measured
    shapes    of what the answer was made from: the first axis counts samples and the last one classes
    """
    wanted = np.asarray(wanted, dtype=float)
    with np.errstate(all="ignore"):
        return [
            *_of_differences(wanted, step),
            *_of_slopes(wanted, slopes or {}),
            *_of_factors(wanted, factors or {}),
            *_of_others(wanted, instead or {}),
            *_of_terms(wanted, terms or {}),
            *_of_values(values or {}),
            *_of_a_result(wanted, shapes, loose=False),
            *_of_functions(wanted),
            *_of_a_result(wanted, shapes, loose=True),
            *_of_axes(wanted),
            *_of_some_entries(wanted),
        ]


# ---------------------------------------------------------------- a factor, a term, a slope, another value


def _of_differences(wanted, step):
    if step is not None:
        yield Mistake(
            "bracket forgotten", "/ 2 * h divides by 2, and then it multiplies by h", wanted * step**2
        )
        yield Mistake("divided by the step twice", "the way is 2 h, and it divides once", wanted / step)


def _of_others(wanted, instead):
    for name, (factor, others, *part) in instead.items():
        part = part[0] if part else wanted
        for other in others:
            advice = f"right but for one factor: look again at {name}"
            yield Mistake("another factor", advice, wanted - part + part / factor * other)


def _of_factors(wanted, factors):
    for name, factor in factors.items():
        factor = np.asarray(factor, dtype=float)
        rest = wanted / factor
        yield Mistake("factor left out", f"right but for one factor: where is {name}?", rest)
        yield Mistake("factor used twice", f"{name} is in it once too often", wanted * factor)
        yield Mistake("divided instead of multiplied", f"{name} multiplies here", rest / factor)
        yield Mistake("added instead of multiplied", f"{name} multiplies here", rest + factor)
        yield Mistake("subtracted instead of multiplied", f"{name} multiplies here", rest - factor)
        yield Mistake("one factor alone", f"this is {name}; what is it multiplied with?", factor)
        yield Mistake("sign lost", f"{name} may be negative, and counts with its sign", rest * np.abs(factor))
        yield Mistake("cut off at 0", f"{name} may be negative, too", rest * np.maximum(factor, 0))
        if factor.ndim:
            for total in (factor.sum(), factor.mean()):
                yield Mistake("summed up too early", f"each entry of {name} counts by itself", rest * total)


def _of_terms(wanted, terms):
    for name, term in terms.items():
        yield Mistake("term left out", f"a part is missing: {name}", wanted - term)
        yield Mistake("one term alone", f"this is {name} alone; more belongs to it", term)
        yield Mistake("sign of a term", f"look at the sign of one part: {name}", wanted - 2 * term)
        yield Mistake("term counted twice", f"a part is in it twice: {name}", wanted + term)
        for wrong in (wanted - term / 2, wanted + term / 2):
            yield Mistake("factor 2 in a term", f"a 2 or ½ in one part: {name}", wrong)
    if len(terms) > 1:
        parts = list(terms.values())
        yield Mistake(
            "multiplied instead of added", "the parts are added", np.prod(np.broadcast_arrays(*parts), 0)
        )
        yield Mistake("averaged", "the parts are added, and no mean is taken", wanted / len(parts))


def _of_values(values):
    for name, value in values.items():
        yield Mistake("another value", f"this is {name}, and something else is asked here", value)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


_FUNCTIONS = {  # name: the function, and its slope, written with what comes out
    "sigmoid": (_sigmoid, lambda y: y * (1 - y)),
    "tanh": (np.tanh, lambda y: 1 - y**2),
    "relu": (lambda z: np.maximum(z, 0), lambda y: (y > 0) * 1.0),
}


def _of_slopes(wanted, slopes):
    for name, (function, at, *part) in slopes.items():
        at, part = np.asarray(at, dtype=float), part[0] if part else wanted
        f, slope_by_output = _FUNCTIONS[function]
        slope = slope_by_output(f(at))
        before = np.divide(part, slope, out=np.zeros(np.broadcast(part, slope).shape), where=slope != 0)
        for slip, advice, wrong in _other_slopes(function, at):
            if function != "relu" or slip != "slope left out":
                yield Mistake(slip, f"{advice}, in {name}", wanted - part + before * wrong)


def _other_slopes(function, at):
    f, slope_by_output = _FUNCTIONS[function]
    y = f(at)
    yield "slope left out", "the signal has to pass a slope", 1.0
    yield "slope used twice", "the signal passes this slope once", slope_by_output(y) ** 2
    yield (
        "slope taken at the output",
        "the slope belongs to what goes in, not to what comes out",
        slope_by_output(f(y)),
    )
    yield "output and input mixed up", "this formula of the slope wants the output", slope_by_output(at)
    yield "value for slope", "multiply by the slope, not by the value", y
    yield "sign of the slope", "look at the signs in the slope", -slope_by_output(y)
    if function == "sigmoid":
        yield "one factor of the slope", "the slope has two factors", 1 - y
        yield "sign inside the slope", "look at the signs in the slope", y * (1 + y)
        yield "another function's slope", "this slope belongs to tanh", 1 - y**2
        yield "another function's slope", "this slope belongs to relu", (at > 0) * 1.0
    if function == "tanh":
        yield "square forgotten", "the slope has a square in it", 1 - y
        yield "sign inside the slope", "look at the signs in the slope", 1 + y**2
        yield "another function's slope", "this slope belongs to the sigmoid", y * (1 - y)


# --------------------------------------------------------------- the right answer, and something done to it


_LOOSE = "entries left at 0", "sign in some entries", "constant factor"  # fit where others do, too


def _of_a_result(wanted, shapes, loose):
    for entry in OF_A_RESULT:
        if (entry.name in _LOOSE) == loose:
            for gives in entry.gives(wanted, shapes):
                yield Mistake(entry.name, entry.advice.replace("d{x}", "it").format(x="it"), gives)


_DONE_TO_IT = (
    ("absolute value", "right in size; a sign was taken away", np.abs),
    ("squared", "this is the square of what is asked", np.square),
    ("root taken", "this is the root of what is asked", np.sqrt),
    ("upside down", "this is one over what is asked", np.reciprocal),
    ("exponential", "this is e to the power of what is asked", np.exp),
    ("logarithm", "this is the logarithm of what is asked", np.log),
    ("off by one", "this is 1 too much, or 1 too little", lambda right: right + 1),
    ("off by one", "this is 1 too much, or 1 too little", lambda right: right - 1),
    ("1 minus it", "this is 1 minus what is asked", lambda right: 1 - right),
    ("in percent", "this is 100 times what is asked", lambda right: 100 * right),
    ("cut off at 0", "negative numbers became 0", lambda right: np.maximum(right, 0)),
)


def _of_functions(wanted):
    for name, advice, function in _DONE_TO_IT:
        yield Mistake(name, advice, function(wanted))


def _of_axes(wanted):
    """A sum, a mean or a maximum where every entry is asked, or only some of the entries."""
    axes = (None, *range(wanted.ndim)) if wanted.ndim and wanted.size > 1 else ()
    for axis, keepdims in product(axes, (False, True)):
        for name, reduce in (("summed up", np.sum), ("averaged", np.mean), ("largest only", np.max)):
            yield Mistake(
                name,
                "one number stands for many: every entry is asked",
                reduce(wanted, axis=axis, keepdims=keepdims),
            )
    if wanted.ndim:
        yield Mistake("only a part", "right as far as it goes: not all entries are there", _as_far_as(wanted))


def _as_far_as(wanted):
    def gives(yours):
        if yours.ndim > wanted.ndim or yours.size >= wanted.size:
            return wanted
        first = wanted[(0,) * (wanted.ndim - yours.ndim)]
        return first[tuple(slice(n) for n in yours.shape)]

    return gives


# ------------------------------------------------------------------------- what yours and the right one share


def _of_some_entries(wanted):
    for name, advice, fits in _SHARED:
        yield Mistake(name, advice, _yours_if(fits, wanted))


def _yours_if(fits, wanted):
    """yours where the two of the same shape fit; else what is right, which explains nothing."""

    def gives(yours):
        if yours.shape != wanted.shape or not np.isfinite(yours).all() or not fits(yours, wanted):
            return wanted
        return yours

    return gives


def _near(a, b):
    return np.allclose(a, b, rtol=1e-6, atol=1e-9 * np.abs(b).max(initial=0.0))


def _other_order(yours, wanted):
    return wanted.size > 2 and _near(np.sort(yours, None), np.sort(wanted, None))


def _constant(array, axis):
    return array.size > array.shape[axis] > 2 and _near(
        array, np.broadcast_to(array.mean(axis, keepdims=True), array.shape)
    )


def _row_factor(yours, wanted):
    return wanted.ndim == 2 and _factor(yours, wanted, 1)


def _column_factor(yours, wanted):
    return wanted.ndim == 2 and _factor(yours, wanted, 0)


def _factor(yours, wanted, axis):
    return wanted.all() and yours.any() and _constant(yours / wanted, axis)


def _row_offset(yours, wanted):
    return wanted.ndim == 2 and _constant(yours - wanted, 1)


def _offset(yours, wanted):
    return wanted.size > 2 and _near(yours - wanted, (yours - wanted).mean())


def _nearly(yours, wanted):
    return not is_rounded(yours, wanted) and np.abs(yours - wanted).max(initial=0.0) < ALMOST * np.abs(
        wanted
    ).max(initial=0.0)


def _sometimes(yours, wanted):
    right = np.isclose(yours, wanted, rtol=1e-6, atol=1e-9)
    return wanted.size > 3 and right.mean() >= 0.5


_SHARED = (
    ("entries in another order", "the right numbers at the wrong places", _other_order),
    ("a number too much", "every entry is off by the same number: look for what is added", _offset),
    (
        "a factor for each row",
        "each row is off by a factor of its own: what is multiplied there, or divided by?",
        _row_factor,
    ),
    (
        "a factor for each column",
        "each column is off by a factor of its own: what is multiplied there, or divided by?",
        _column_factor,
    ),
    (
        "a number for each row",
        "each row is off by a number of its own: what is added or subtracted there?",
        _row_offset,
    ),
    (
        "nearly right",
        "the first digits agree: is something small added, a step too wide, or a number kept in float32?",
        _nearly,
    ),
    ("right in places", "most entries are right: what is special about the others?", _sometimes),
)
