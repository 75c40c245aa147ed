"""What many questions ask: is there an answer at all, and are its arguments still what they were?"""

from copy import deepcopy
from functools import partial
from itertools import chain, combinations

import numpy as np

from ...check.compare import Mistake, close, compare
from ...check.report import Finding
from ...check.stock import usual_slips
from ..exercise import Unusable, question

# A question that asks for lines of one's own: what computes or differentiates in bplib may not do their work.
in_numpy = partial(
    question,
    bans=[
        f"bplib.{part}"
        for part in (
            "gates", "graph", "check",
            "networks.layers", "networks.blocks", "networks.sequence", "networks.network", "networks.penalty",
            "networks.nielsen", "networks.optim",
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


def several(answer, names, who):
    """The answer of ``who``, as many things as there are names. Raises Unusable when it is not."""
    if not isinstance(returned(answer, who), list | tuple | np.ndarray) or len(answer) != len(names):
        raise Unusable(f"{who} has to return {len(names)} things: {', '.join(names)}")
    return answer


def and_then(findings, *more):
    """The findings, and when all are right those of more: what is asked besides a right number."""
    right = True
    for finding in findings:
        right = right and finding.ok
        yield finding
    if right:
        for each in more:
            yield from each()


_STOCK = "factors", "terms", "slopes", "instead", "values", "step", "shapes"


def compared(what, yours, wanted, mistakes=(), **options):
    """A Finding as of compare; mistakes that give the same numbers are named together, either … or …

    Where none of them fits, the common stock of slips is tried.
    options    those of usual_slips, and those of compare
    """
    known = {name: options.pop(name) for name in _STOCK if name in options}
    own = _either(mistakes, options.get("rtol", 1e-6))
    return compare(what, yours, wanted, chain(own, _usual(wanted, known)), **options)


def _usual(wanted, known):
    yield from usual_slips(wanted, **known)


OR = ", or "  # between the names of mistakes that no number tells apart


def _either(mistakes, rtol):
    """The mistakes in their order, each of them as one with those behind it that give the same."""
    mistakes = list(mistakes)
    for k, mistake in enumerate(mistakes):
        twins = {each.name: each for each in mistakes[k + 1 :] if alike(mistake, each, rtol)}
        yield _as_one(mistake, *twins.values()) if twins else mistake


def _as_one(*mistakes):
    names, advice = OR.join(each.name for each in mistakes), "; or ".join(each.advice for each in mistakes)
    return Mistake(names, f"either {advice}", mistakes[0].gives)


def alike(one, other, rtol=1e-6):
    """Whether two mistakes of different names give the same numbers, so that no answer tells them apart."""
    if one.name == other.name or callable(one.gives) or callable(other.gives):
        return False
    return _agree(one.gives, other.gives, rtol)


def _agree(yours, gives, rtol=1e-6):
    try:
        yours, gives = np.asarray(yours, float), np.asarray(gives, float)
    except (TypeError, ValueError):
        return False
    return bool(np.isfinite(gives).all()) and close(yours, gives, rtol)


def tell_apart(draw, known, rng, tries=1000):
    """What draw(rng) makes, drawn again until the right answer and all known mistakes differ on it.

    known    called with what was drawn: for each result the right answer, and the Mistakes
    Where no numbers do, it is the last that was drawn, and compared says what is alike there.
    """
    for _ in range(tries):
        drawn = draw(rng)
        if all(_differ(wanted, mistakes) for wanted, mistakes in known(*drawn)):
            break
    return drawn


def _differ(wanted, mistakes):
    mistakes = list(mistakes)
    if any(_agree(wanted, each.gives, rtol=1e-5) for each in mistakes):
        return False
    return not any(alike(*pair, rtol=1e-5) for pair in combinations(mistakes, 2))


def likeliest_first(slips, yours):
    """Mistakes in several results at once: one that explains more of yours before one that explains fewer.

    gives of each, and yours, hold the results under the same keys; None where a mistake says nothing, as in
    the end where another one explains a result, too, and more besides.
    """
    slips = list(slips)
    fits = [{key for key in yours if _agree(yours[key], slip.gives[key])} for slip in slips]
    ranked = sorted(zip(slips, fits, strict=True), key=lambda each: -len(each[1]))
    return [
        slip._replace(gives=_by_key(slip.gives) | dict.fromkeys(fit & _explained_by_more(ranked, fit)))
        for slip, fit in ranked
    ]


def _by_key(gives):
    return gives if isinstance(gives, dict) else dict(enumerate(gives))


def _explained_by_more(ranked, fit):
    return set().union(*(better for _, better in ranked if len(better) > len(fit)))


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


def normal(seed, *shapes):
    """Arrays of these shapes, normally distributed."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


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
