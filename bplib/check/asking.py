"""How to ask somebody's code: without being hurt by what it raises, and watching that it changes nothing."""

import numpy as np

from ..errors import InputError
from ..gates.base import is_node
from .raised import in_plain_words, mistake_of_an_error
from .report import NOT_ANSWERED, Finding


def expect_neighbours(inputs):
    """Raise InputError unless every x of {name: x} has numbers on both sides of it."""
    for name, x in inputs.items():
        if np.size(x) == 0:
            raise InputError(f"{name} is empty, of shape {np.shape(x)}: there is nothing to check")
        if not np.isfinite(x).all():
            raise InputError(f"{name} is infinite: a difference needs numbers on both sides of it")


def attempt(action, what):
    """What action returns, or a Finding with the error it raised: a student's rule may raise anything."""
    try:
        with np.errstate(all="ignore"):
            return action()
    except NotImplementedError:
        return Finding(what, False, NOT_ANSWERED)
    except Exception as error:
        name, advice = mistake_of_an_error(error)
        return Finding(what, False, in_plain_words(error), name, advice)


def in_order(names, gradients):
    """A gradient for each name, from one gradient, several in order, or a dict; None where none was given.

    Raises ValueError when their number is wrong.
    """
    if gradients is None or gradients is Ellipsis:
        return [None] * len(names)
    if isinstance(gradients, dict):
        return [plain(gradients.get(name)) for name in names]
    several = isinstance(gradients, tuple) or (isinstance(gradients, list) and len(names) > 1)
    gradients = gradients if several else (gradients,)
    if len(gradients) != len(names):
        raise ValueError(f"{len(names)} gradients are needed ({', '.join(names)}); got {len(gradients)}")
    return [plain(gradient) for gradient in gradients]


def plain(x):
    """The number or the array of a node, for whoever calculated with nodes inside; else x."""
    return x.value if is_node(x) else x


# --------------------------------------------------------------------------- what was given, before and after


def copies(*values):
    return [np.array(value) for value in values]


def copied(gradient):
    return gradient.copy() if isinstance(gradient, np.ndarray) else gradient


def same(a, b):
    return a is b or np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")


def what_changed(names, before, after):
    """A Finding about the first that is not what it was before the call; None when nothing has changed."""
    for name, old, new in zip(names, before, after, strict=True):
        if not (np.array_equal(old, new) or np.array_equal(old, new, equal_nan=True)):
            advice = f"{name} belongs to the caller, who may still need it; work on a copy: {name}.copy()"
            return Finding(
                name, False, "is not what it was before the call", "argument changed in place", advice
            )
    return None
