"""The shapes of a function's arguments, stated in letters and checked."""

import inspect
from functools import wraps

import numpy as np

from ...errors import InputError, expect_shapes
from ...values import as_input


def fits(**wanted):
    """A function's shapes, stated and checked: ``@fits(a_previous="N n_in", delta="N n_out")``.

    The same letter is the same size everywhere; "…" is any shape, the same for every argument that has it.
    The arguments arrive as floats or float arrays.
    Raises ShapeError; InputError for text, NaN, infinity and what is empty.
    """

    def decorate(function):
        signature = inspect.signature(function)

        @wraps(function)
        def checked(*xs, **options):
            call = signature.bind(*xs, **options)
            call.arguments |= fitting(function.__name__, wanted, call.arguments)
            return function(*call.args, **call.kwargs)

        return checked

    return decorate


def fitting(where, wanted, given):
    """The wanted ones of the given values, as floats and float arrays whose shapes fit together."""
    values = {name: finite(given[name], where, name) for name in wanted}
    sizes, fit = {"1": 1}, True
    for name, letters in wanted.items():
        shape = np.shape(values[name])
        letters, shape = (["…"], [shape]) if letters == "…" else (letters.split(), shape)
        fit &= len(letters) == len(shape)
        fit &= all(sizes.setdefault(*pair) == pair[1] for pair in zip(letters, shape, strict=False))
    expect_shapes(fit, where, f"needs {_written(wanted)}", **values)
    return values


def _written(wanted):
    if "…" in wanted.values():
        return f"{' and '.join(wanted)} of one shape"
    return ", ".join(f"{name} ({letters.replace(' ', ', ')})" for name, letters in wanted.items())


def finite(x, where, name):
    x = as_input(x, f"{where}: {name}")
    if np.size(x) == 0:
        raise InputError(f"{where}: {name} is empty, of shape {np.shape(x)}; at least one number is needed")
    if not np.isfinite(x).all():
        raise InputError(f"{where}: {name} is infinite: look for an overflow or a division by zero before it")
    return x
