"""What many questions ask: is there an answer at all, and are its arguments still what they were?"""

from copy import deepcopy

import numpy as np

from ..exercise import Unusable
from ..report import Finding

CHANGED = "argument changed in place", "what is handed in belongs to the caller: compute beside it"


def returned(answer, who):
    """The answer of ``who``. Raises Unusable when there is none."""
    if answer is None:
        raise Unusable(f"{who} returned nothing: is there a return? (print only shows a value)")
    return answer


def leaves_alone(function, *given):
    """A Finding: does function leave what it is given as it is? It is called with copies."""
    arguments = deepcopy(given)
    function(*arguments)
    return left_alone(arguments, given)


def left_alone(arguments, given):
    """A Finding: are the arguments of a call still what was given?"""
    if same(arguments, given):
        return Finding("arguments", True, "are as they were")
    return Finding("arguments", False, "are not what they were", *CHANGED)


def same(a, b):
    """Whether two values of the same build hold the same numbers; whatever holds none counts as the same."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return np.array_equal(a, b) if isinstance(a, np.ndarray) else True
