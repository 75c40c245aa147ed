"""Lesson 9: the first loss, the loss at zero, and ten networks that are wrong in one line."""

import ast
import copy

import numpy as np

from ...check.compare import Mistake, close, compare
from ...check.report import NOT_ANSWERED, Finding
from ..bugs import catalogue, patients
from ..exercise import Unusable, question
from ..program import Program, reads, sound_lines, value_of
from .common import returned


@question(
    "The loss of a network of 7 classes that knows nothing",
    "It gives each class the same share. Which?",
    "The loss is −ln of the share of the right class.",
    "−ln(1/7), which is ln 7",
)
def first_loss(loss):
    mistakes = [
        Mistake("share for loss", "this is the share of each class; the loss is −ln of it", 1 / 7),
        Mistake("another logarithm", "the loss uses the natural logarithm", np.log10(7)),
        Mistake("another logarithm", "the loss uses the natural logarithm", np.log2(7)),
        Mistake("sign", "a cross-entropy is never negative", -np.log(7)),
        Mistake("ten classes", "these are not the digits: count the classes", np.log(10)),
    ]
    yield compare("loss", loss, np.log(7), mistakes, rtol=1e-2, show=False)


@question(
    "The loss with all parameters at zero",
    "net.params is a dict of arrays: keep copies, set the numbers to 0, ask for the loss, put them back.",
    "array[...] = 0 changes the numbers in the array; array = 0 gives the name to something else.",
    "Copies first; for a in net.params.values(): a[...] = 0; the loss; then a[...] = its copy, for each.",
    parts=4,
)
def loss_at_zero(loss_at_zero):
    for C, lines in ((3, {}), (4, {"loss": "-np.mean(np.log(p[np.arange(len(t)), t] + 0.01))"})):
        net = Program(lines, sizes=(5, 4, C), keep=1.0, rng=C)
        for array in (net.params["b1"], net.params["b2"]):
            array += np.arange(array.size)
        rng = np.random.default_rng(C)
        x, t = rng.normal(size=(6, 5)), rng.permutation(np.arange(6) % C)
        before = {name: array.copy() for name, array in net.params.items()}
        mistakes = [
            Mistake("nothing set to 0", "this is the loss of the network as it is", net.loss(x, t)),
            Mistake("biases kept", "the biases are parameters, too", _zeroed(net, ("W1", "W2"), x, t)),
        ]
        wanted = _zeroed(net, net.params, x, t)
        found = returned(loss_at_zero(net, x, t), "loss_at_zero")
        yield compare(f"loss at zero, {C} classes", found, wanted, mistakes)
        kept = all(np.array_equal(net.params[name], array) for name, array in before.items())
        yield Finding(
            "parameters", kept, "are as they were" if kept else "have changed", *(() if kept else _KEEP)
        )


_KEEP = "not put back", "a measurement leaves the network as it was"


def _zeroed(net, names, x, t):
    blank = copy.deepcopy(net)
    for name in names:
        blank.params[name][...] = 0.0
    return blank.loss(x, t)


@question(
    "Ten networks, each wrong in one line",
    "Go through the method in its order. The first measurement that is off says which lines to read.",
    "Print the listing of the patient, copy the lines you suspect into a cell, and try them on small arrays.",
    "Compare the listing with that of bp.Program(), and ask of the difference what it computes.",
    parts=10,
)
def found(found, seed=0):
    if found is None or found is Ellipsis:
        yield Finding("found", False, NOT_ANSWERED, missing=True)
        return
    if not isinstance(found, dict):
        raise Unusable("found has to be a dict: {1: (name, line, evidence, mended), …}")
    names = {(bug.line, bug.wrong): bug.name for bug in catalogue()}
    sound = sound_lines()
    for number, program in patients(seed).items():
        (line,) = (name for name in sound if program.lines[name] != sound[name])
        answer = found.get(number, ...)
        if answer is Ellipsis:
            yield Finding(f"patient {number}", False, "is open")
        elif not isinstance(answer, tuple | list) or len(answer) != 4:
            yield Finding(f"patient {number}", False, "needs four things: name, line, evidence, mended")
        else:
            wrong = program.lines[line]
            try:
                yield _judged(f"patient {number}", answer, names[line, wrong], line, wrong)
            except Unusable as problem:
                yield Finding(f"patient {number}", False, str(problem))


def _judged(what, answer, name, line, wrong):
    """The first thing that is missing: the line, then evidence, then the name, then the mended line."""
    yours, at, evidence, mended = answer
    if at not in sound_lines():
        return Finding(what, False, f"has no line {at!r}; a line is called by what stands left of its =")
    if at != line:
        return Finding(what, False, f"{at!r} is as it should be", *_INNOCENT)
    if not _differs(line, wrong, evidence):
        return Finding(what, False, f"{line} gives there what it should", *_NO_EVIDENCE)
    if yours != name:
        return Finding(what, False, f"it is not {yours!r}", *_ANOTHER_NAME)
    if not _is_expression(mended):
        return Finding(what, False, f"{mended!r} cannot be read; write what stands right of the =")
    if not _as_sound(line, mended):
        return Finding(what, False, f"{line} = {mended} is not right everywhere", *_STILL_WRONG)
    return Finding(what, True, f"{name}: found, proved, mended")


_INNOCENT = "an innocent line", "measure again: which is the first step of the method that is off?"
_NO_EVIDENCE = "no evidence", "choose numbers for which the wrong line and the right one differ"
_ANOTHER_NAME = "another name", "what does the wrong line compute? Look at the list of names in 9.7"
_STILL_WRONG = "still wrong", "the mended line has to give the right numbers for all inputs"


def _differs(line, wrong, evidence):
    if not isinstance(evidence, dict):
        raise Unusable("evidence has to be a dict: a value for each name that the line reads")
    needed = {*reads(wrong), *reads(sound_lines()[line])}
    if missing := needed - set(evidence):
        raise Unusable(f"the evidence for {line} lacks {', '.join(sorted(missing))}")
    try:
        ours, right = (value_of(text, copy.deepcopy(evidence)) for text in (wrong, sound_lines()[line]))
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise Unusable(
            f"with this evidence {line} cannot be computed ({problem}): are they arrays?"
        ) from None
    return bool(np.isfinite(right).all()) and not _same(ours, right)


def _same(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return a.shape == b.shape and bool(close(a, b, 1e-6, 1e-12))


def _is_expression(mended):
    try:
        ast.parse(mended, mode="eval")
    except (SyntaxError, TypeError):
        return False
    return True


def _as_sound(line, mended):
    for seed in range(4):
        values = _state(seed)
        try:
            yours = value_of(mended, copy.deepcopy(values))
        except Exception:  # whatever stops it, it is no mended line
            return False
        right = value_of(sound_lines()[line], copy.deepcopy(values))
        if line.startswith("W"):  # any spread near the usual ones will do
            if np.shape(yours) != right.shape or not 0.02 < np.std(yours) < 0.5:
                return False
        elif not _same(yours, right):
            return False
    return True


def _state(seed):
    """Values for all names that lines read."""
    rng, N, D, H, C = np.random.default_rng(seed), 6, 5, 30, 4
    e = rng.uniform(0.1, 1, (N, C))
    arrays = {
        **dict.fromkeys(("z1", "h1", "d1", "dd1", "dh1", "dz1"), (N, H)),
        **dict.fromkeys(("scores", "delta2"), (N, C)),
        **dict.fromkeys(("W2", "moved_W2", "q", "dq"), (H, C)),
        **{"x": (N, D), "W1": (D, H), "b1": (H,), "b2": (C,), "pixels": (N, D), "train": (11, D)},
    }
    labels = rng.integers(0, C, N)
    return {name: rng.normal(size=shape) for name, shape in arrays.items()} | {
        "e": e, "p": e / e.sum(axis=1, keepdims=True), "t": labels, "labels": labels,
        "training": seed % 2 == 0, "mask": rng.integers(0, 2, (N, H)) * 1.25, "rate": 0.3,
        "D": D, "H": H, "C": C, "rng": rng,
    }  # fmt: skip
