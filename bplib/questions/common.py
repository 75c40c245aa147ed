"""What many questions ask: is there an answer at all, and are its arguments still what they were?"""

from copy import deepcopy
from functools import partial

import numpy as np

from ..exercise import Unusable, question
from ..report import Finding

# A question that asks for lines of one's own: what computes or differentiates in bplib may not do their work.
in_numpy = partial(
    question,
    bans=[
        f"bplib.{part}"
        for part in (
            "gates", "graph", "derivatives", "jacobians", "tape", "differences", "check",
            "layers", "networks", "nielsen", "optim",
        )
    ],
    asked="the task asks for lines of your own, in numpy",
)  # fmt: skip

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


def whole(*shapes):
    """Arrays of small whole numbers, none of them 0: sums and products of them are exact, in float32 too."""
    return [
        np.resize([1.0, -2.0, 3.0, 2.0, -1.0, -3.0, 4.0], shape) * (-1) ** k for k, shape in enumerate(shapes)
    ]


def in_pairs(yours, exact):
    """(yours, exact) for each array of two dicts, lists or tuples of the same build."""
    if isinstance(exact, dict):
        yours, exact = [yours[name] for name in exact], list(exact.values())
    if isinstance(exact, list | tuple):
        for pair in zip(yours, exact, strict=True):
            yield from in_pairs(*pair)
    else:
        yield yours, exact
