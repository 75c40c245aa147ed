"""Assignment 9: the data, the first loss, the gradient, and a hunt for lines that are wrong."""

import math
from copy import copy

import numpy as np

from ...check.compare import Mistake, close
from ...check.report import Finding
from ..exercise import Unusable, question
from ..program import Program, value_of
from .common import CHANGED, in_numpy, returned

# What knows the bugs, and what is right, may not run for an answer.
_HUNTED = ("bplib.course.bugs", "bplib.course.method", "bplib.course.program.sound_lines")
_ASKED = "the task asks for measurements of your own"


def _words(who, cases, wanted, found, words, slips):
    """A Finding for each case, and the slip that gives all of the words found, if there is one."""
    made = (slip for slip in slips if found != wanted and [slip.gives(case) for case in cases] == found)
    slip = next(made, None)
    for k, (yours, right) in enumerate(zip(found, wanted, strict=True), start=1):
        if yours == right:
            yield Finding(f"{who} {k}", True, f"is {right}")
        elif yours not in words:
            yield Finding(f"{who} {k}", False, f"you say {yours!r}", *_ANOTHER_WORD)
        else:
            yield Finding(f"{who} {k}", False, f"you say {yours}; it is {right}", *(slip[:2] if slip else ()))


_ANOTHER_WORD = "another word", "the answer is one of the words of the table"
_NOT_PUT_BACK = "not put back", "a measurement leaves the parameters as they were, also their zeros and signs"
_SAME = "this says the same to everybody: measure"

# ------------------------------------------------------------------------------------ task 1: the data


@question("look: data as they are prepared", parts=14, bans=_HUNTED, asked=_ASKED)
def looks(look, seed=0):
    rng = np.random.default_rng(seed)
    cases = [_as_prepared(rng, kind) for kind in rng.permutation(_KINDS)]
    found = [returned(look(prepare, *_copied(given)), "look") for prepare, *given in cases]
    wanted = list(map(_looked, cases))
    yield from _words("data", cases, wanted, found, ("labels moved", "own statistics", "fine"), _LOOKS)


_KINDS = (
    *("spread", "range", "plain", "itself"),
    *("own spread", "own mean", "own largest", "blank ends"),
    *("one place on", "turned round", "two exchanged", "second half", "one class on", "both"),
)


def _as_prepared(rng, kind):
    """prepare, pixels, labels, train; the largest pixel stands neither in the first nor in the last row."""
    train, pixels = rng.uniform(0, 16, (23, 4)), rng.uniform(0, 14, (11, 4))
    pixels[3] = 15.5
    train = pixels if kind == "itself" else train
    pixels[[0, -1]] *= kind != "blank ends"
    labels, half = np.arange(11) % 4, 5

    def scaled(x, by):
        return (x - by.mean(axis=0)) / (by.std(axis=0) + 0.1)

    x_of = {
        "range": lambda x, by: (x - by.min(axis=0)) / (np.ptp(by, axis=0) + 0.1),
        "plain": lambda x, by: x / 16,
        "own spread": lambda x, by: scaled(x, x),
        "own mean": lambda x, by: x - x.mean(axis=0),
        "own largest": lambda x, by: x / x.max(),
        "blank ends": lambda x, by: x / (x.max() + 0.1),
        "both": lambda x, by: scaled(x, x),
    }.get(kind, scaled)
    t_of = {
        "one place on": lambda t: np.roll(t, 1),
        "turned round": lambda t: t[::-1].copy(),
        "two exchanged": lambda t: np.append(t[:-2], t[:-3:-1]),
        "one class on": lambda t: (t + 1) % 4,
        "second half": lambda t: np.append(t[:half], np.roll(t[half:], 1)),
        "both": lambda t: np.roll(t, 1),
    }.get(kind, lambda t: t.copy())
    return lambda pixels, labels, train: (x_of(pixels, train), t_of(labels)), pixels, labels, train


def _copied(arrays):
    return [array.copy() for array in arrays]


def _moved(case):
    prepare, pixels, labels, train = case
    return not np.array_equal(prepare(pixels, labels, train)[1], labels)


def _own(case, rows=range(11)):
    prepare, pixels, labels, train = case
    alone = [prepare(pixels[[k]], labels[[k]], train)[0][0] for k in rows]
    return not np.allclose(alone, prepare(pixels, labels, train)[0][rows])


def _looked(case, moved=_moved, own=_own):
    return "labels moved" if moved(case) else "own statistics" if own(case) else "fine"


def _t(case):
    prepare, pixels, labels, train = case
    return prepare(pixels, labels, train)[1], labels


def _x(case):
    prepare, pixels, labels, train = case
    return prepare(pixels, labels, train)[0]


def _slips_in_looking(own):
    """own    how it is found out whether a sample depends on the others"""
    yield Mistake(
        "labels overlooked",
        "compare the labels that come out with those that went in, place by place",
        lambda case: _looked(case, lambda case: False, own),
    )
    yield Mistake(
        "first label only",
        "a label that moves may be any: compare all of them",
        lambda case: _looked(case, lambda case: _t(case)[0][0] != _t(case)[1][0], own),
    )
    yield Mistake(
        "labels counted",
        "the same labels in another order have moved",
        lambda case: _looked(case, lambda case: sorted(_t(case)[0]) != sorted(_t(case)[1]), own),
    )
    yield Mistake(
        "another order",
        "the first row of the table that fits decides",
        lambda case: "own statistics" if own(case) else _looked(case, own=own),
    )


def _own_first(case):
    return _own(case, [0])


_LOOKS = [
    Mistake("always fine", _SAME, lambda case: "fine"),
    Mistake("statistics overlooked", "does a row come out otherwise when it is prepared without the others?",
            lambda case: _looked(case, own=lambda case: False)),
    Mistake("one row only", "a row may stay what it is when it stands alone, and others not: look at all",
            lambda case: _looked(case, own=_own_first)),
    Mistake("centred for own", "data may have the mean 0 with good reason; compare rows, not means",
            lambda case: _looked(case, own=lambda case: np.abs(_x(case).mean(axis=0)).max() < 1e-9)),
    *_slips_in_looking(_own),
    *_slips_in_looking(_own_first),
]  # fmt: skip

# ------------------------------------------------------------------------- task 2: before the first step


@in_numpy("before: networks before their first step", parts=13)
def starts(before, seed=0):
    cases = list(_starting(seed))
    words = "wrong at zero", "sure too early", "healthy"

    def word(net, x, t):
        return before(_loss_of(net), net.params, x, t)

    yield from _asked("before", word, cases, _started, words, _STARTS)


def _loss_of(net):
    return lambda params, x, t: _with(net, params).loss(x, t)


def _gradient_of(net):
    return lambda params, x, t: _with(net, params).gradient(x, t)


def _with(net, params):
    """The same network at other parameters."""
    other = copy(net)
    other.params = params
    return other


def _asked(who, answer, cases, wanted, words, slips):
    """The words about networks, and whether these are still what they were."""
    held = [dict(net.params) for net, *_ in cases]
    given = [{name: array.copy() for name, array in params.items()} for params in held]
    found = [returned(answer(net, x.copy(), t.copy()), who) for net, x, t, *_ in cases]
    same = all(
        net.params[name] is params[name] and np.array_equal(params[name], array)
        for (net, *_), params, arrays in zip(cases, held, given, strict=True)
        for name, array in arrays.items()
    )
    for (net, *_), params, arrays in zip(cases, held, given, strict=True):
        net.params = params
        for name, array in arrays.items():
            params[name][...] = array
    if not same:
        yield Finding("parameters", False, "are not what they were", *_NOT_PUT_BACK)
        return
    yield from _words("network", cases, [wanted(case) for case in cases], found, words, slips)
    yield Finding("parameters", True, "are as they were")


def _starting(seed):
    rng = np.random.default_rng(seed)
    wide = "rng.normal(0, 9, (H, C))"
    tiny = "rng.normal(0, 0.0001, (H, C))"
    for lines in (
        {},
        {"loss": "-np.mean(np.log(p[np.arange(len(t)), t])) + 0.01 * np.sum(W1**2)"},
        {"W2": wide},
        {"loss": "-np.mean(np.log(p[np.arange(len(t)), t] + 0.01))"},
        {"b2": "6.0 * np.arange(C)"},
        {"p": "e / e.sum(axis=0, keepdims=True)"},
        {"W2": tiny},
        {"loss": "-np.sum(np.log(p[np.arange(len(t)), t]))"},
        {"W2": wide, "scores": "d1 @ W2 + b2 + 0.05 * np.arange(C)"},
        {"scores": "d1 @ W2 + b2 + 0.1 * np.arange(C)", "W2": tiny},
        {"b1": "np.full(H, 0.5)"},
    ):
        C = int(rng.integers(3, 9))
        N = 4 * C + int(rng.integers(1, C))
        yield _network(lines, (6, 5, C), rng), rng.normal(size=(N, 6)), rng.permutation(np.arange(N) % C)
    without_the_last = rng.permutation(np.arange(N) % (C - 1))
    yield _network({}, (6, 5, C), rng), rng.normal(size=(N, 6)), without_the_last


def _network(lines, sizes, rng):
    return Program(lines, sizes=sizes, keep=1.0, rng=int(rng.integers(10**6)))


def _at_zero(net, x, t, names=None):
    saved = {name: array.copy() for name, array in net.params.items()}
    for name in names or saved:
        net.params[name][...] = 0.0
    loss = net.loss(x, t)
    for name, array in saved.items():
        net.params[name][...] = array
    return loss


def _started(case, guess=lambda net, x, t: math.log(net.sizes[2]), zeroed=None, order=(0, 1)):
    net, x, t = case
    known = guess(net, x, t)
    fits = (
        ("wrong at zero", abs(_at_zero(net, x, t, zeroed) - known) > 1e-6),
        ("sure too early", net.loss(x, t) > known + 1),
    )
    return next((fits[k][0] for k in order if fits[k][1]), "healthy")


_STARTS = [
    Mistake("always healthy", _SAME, lambda case: "healthy"),
    Mistake("zero overlooked", "with all parameters 0 the loss has to be ln C, exactly",
            lambda case: _started(case, order=(1,))),
    Mistake("start overlooked", "look at the first loss as well", lambda case: _started(case, order=(0,))),
    Mistake("another order", "the first row of the table that fits decides",
            lambda case: _started(case, order=(1, 0))),
    Mistake("another logarithm", "the loss uses the natural logarithm",
            lambda case: _started(case, lambda net, x, t: math.log2(net.sizes[2]))),
    Mistake("another logarithm", "the loss uses the natural logarithm",
            lambda case: _started(case, lambda net, x, t: math.log10(net.sizes[2]))),
    Mistake("samples for classes", "a network that knows nothing guesses among the classes",
            lambda case: _started(case, lambda net, x, t: math.log(len(x)))),
    Mistake("classes counted in the labels", "a class may be absent here: W2 has a column for each",
            lambda case: _started(case, lambda net, x, t: math.log(t.max() + 1))),
    Mistake("biases kept", "all parameters, the biases too",
            lambda case: _started(case, zeroed=("W1", "W2"))),
    Mistake("first layer kept", "all parameters, of all layers",
            lambda case: _started(case, zeroed=("W2", "b2"))),
]  # fmt: skip

# ------------------------------------------------------------------------------ task 3: a gradient check


@in_numpy("wrong_gradients: gradients against differences", parts=13)
def gradients(wrong_gradients, seed=0):
    def listed(net, x, t):
        asked = wrong_gradients(_loss_of(net), _gradient_of(net), net.params, x, t)
        found = returned(asked, "wrong_gradients")
        names = isinstance(found, list | tuple) and all(isinstance(name, str) for name in found)
        return " ".join(found) if names else found

    def wanted(case):
        return " ".join(_wrong(case))

    yield from _asked("wrong_gradients", listed, list(_with_gradients(seed)), wanted, _Names(), _CHECKS)


class _Names:
    """What may be answered: names of parameters with spaces between them."""

    def __contains__(self, text):
        return isinstance(text, str) and set(text.split()) <= {"W1", "b1", "W2", "b2"}


def _with_gradients(seed):
    """net, x, t, the gradients that it gives, and those of the same network without the mistake."""
    rng = np.random.default_rng(seed)
    plain = {"W2": "rng.normal(size=(H, C))", "b2": "rng.normal(size=C)"}
    tiny, past = plain | {"W2": "3e-5 * rng.normal(size=(H, C))"}, {"dz1": "dh1"}
    high = {
        "loss": "-1e10 * np.mean(np.log(p[np.arange(len(t)), t]))",
        "delta2": "1e10 * (p - np.eye(C)[t]) / len(t)",
    }
    within = {"dW1": "1.0004 * (x.T @ dz1)"}
    beyond = {"dW1": "x.T @ dz1 + 0.0015 * np.abs(x.T @ dz1).max() * (np.arange(D * H).reshape(D, H) == 5)"}
    for least, far, lines, mistake in (
        (0.02, 0.2, plain, past),
        (0.02, 0.2, plain, {"db1": "dz1.mean(axis=0)"}),
        (0.02, 0.2, plain, {"dW2": "(delta2.T @ d1).reshape(H, C)"}),
        (0.02, 0.2, plain, {"delta2": "p - np.eye(C)[t]"}),
        (6e-7, 0.2, tiny, {}),
        (6e-7, 0.2, tiny, past),
        (0.02, 0.2, plain | {"b1": "np.full(H, -60.0)"}, {}),
        (0.02, 0.2, plain, {"dW1": "x.T @ dz1 * (np.arange(D * H).reshape(D, H) < D * H - 1)"}),
        (2e8, 0.2, plain | high, {}),
        (2e8, 0.0003, plain | high, within),
        (2e8, 0.0014, plain | high, beyond),
        (2e8, 0.003, plain | high, {"dW2": "1.004 * (d1.T @ delta2)"}),
    ):
        yield next(case for case in _drawn(lines, mistake, rng) if _clear(case, least, far))


def _drawn(lines, mistake, rng):
    while True:
        sound = _network(lines, (4, 2, 3), rng)
        net, x, t = sound.mended(**mistake), rng.normal(size=(7, 4)), rng.permutation(np.arange(7) % 3)
        yield net, x, t, net.gradient(x, t), sound.gradient(x, t)


def _clear(case, least, far):
    """Away from kinks, each neuron now on, now off; no gradient near 0, and what is off is so by far.

    No entry of dW1 is nearly all of it.
    """
    net, x, _, yours, right = case
    z = x @ net.params["W1"]
    mixed = (z > 0).any(axis=0) & (z < 0).any(axis=0)
    return (
        (mixed.all() and np.abs(z).min() > 0.01)
        and _none_or_above(least, [np.abs(gradient).max() for gradient in right.values()])
        and _none_or_above(far, [_apart(yours[name], right[name]) for name in right])
        and _none_or_above(far / 10, [_apart(yours[name], right[name], slice(1)) for name in right])
        and np.linalg.norm(right["W1"]) >= 1.6 * np.abs(right["W1"]).max()
    )


def _none_or_above(least, numbers):
    return all(x == 0 or x > least for x in numbers)


def _apart(yours, right, entries=slice(None)):
    """How far these entries differ, as a share of the largest of all."""
    largest = max(np.abs(yours).max(), np.abs(right).max())
    return np.abs(yours - right).flat[entries].max() / (largest or 1.0)


def _relative(yours, right, *entries):
    return _apart(yours, right, *entries) > 1e-3


def _beyond(room):
    """Further apart than that, where differences are measured with eleven digits."""
    return lambda g, m: np.abs(g - m).max() + 1e-11 * np.abs(m).max() > room


def _wrong(case, apart=_relative):
    *_, yours, right = case
    return [name for name in right if apart(yours[name], right[name])]


def _listed(apart):
    return lambda case: " ".join(_wrong(case, apart))


_CHECKS = [
    Mistake("nobody blamed", _SAME, lambda case: ""),
    Mistake("the right ones listed", "asked are the names whose gradient is wrong",
            _listed(lambda g, m: not _relative(g, m))),
    Mistake("only the first", "more than one gradient may be wrong: list all",
            lambda case: " ".join(_wrong(case)[:1])),
    Mistake("absolute tolerance", "a small gradient may be all wrong by little: compare with its own size",
            _listed(_beyond(1e-4))),
    Mistake("absolute tolerance", "a small gradient may be all wrong by little: compare with its own size",
            _listed(_beyond(1e-3))),
    Mistake("one entry only", "a gradient may be wrong in any entry: look at all of them",
            _listed(lambda g, m: _relative(g, m, slice(1)))),
    Mistake("stricter than asked", "up to a thousandth of the largest entry the two agree",
            _listed(lambda g, m: not np.allclose(g, m))),
    Mistake("looser than asked", "beyond a thousandth of the largest entry the two differ",
            _listed(lambda g, m: _apart(g, m) > 1e-2)),
    Mistake("length of the difference", "asked is the largest difference, beside the largest entry",
            _listed(lambda g, m: np.linalg.norm(g - m) > 1e-3 * np.linalg.norm(m))),
    Mistake("sizes compared", "wrong entries may make an arrow of the right length: compare entry by entry",
            _listed(lambda g, m: _relative(np.linalg.norm(g), np.linalg.norm(m)))),
    Mistake("nothing beside nothing", "where both gradients are 0 they agree",
            _listed(lambda g, m: _relative(g, m) or not (np.abs(g) + np.abs(m)).max() > 0)),
]  # fmt: skip

# ------------------------------------------------------------------------------------- task 4: the hunt

_ARGUMENTS = {
    "softmax": ("s",),
    "loss": ("p", "t"),
    "dscores": ("p", "t"),
    "dW": ("h", "delta"),
    "db": ("delta",),
    "dh": ("delta", "W"),
    "dz": ("dh", "z"),
    "moved": ("q", "dq", "rate"),
    "read": ("s",),
}


def _truth(line, values):
    """What a line has to give: by loops over the samples, or by the definition."""
    v = values
    if line == "softmax":
        e = np.exp(v["s"] - v["s"].max(axis=1)[:, None])
        return e / e.sum(axis=1)[:, None]
    if line == "loss":
        return sum(-math.log(row[k]) for row, k in zip(v["p"], v["t"], strict=True)) / len(v["t"])
    if line == "dscores":
        hit = np.zeros_like(v["p"])
        hit[np.arange(len(v["t"])), v["t"]] = 1
        return (v["p"] - hit) / len(v["t"])
    if line == "dW":
        return sum(np.outer(h, d) for h, d in zip(v["h"], v["delta"], strict=True))
    if line == "db":
        return sum(v["delta"])
    if line == "dh":
        return np.array([v["W"] @ d for d in v["delta"]])
    if line == "dz":
        return np.where(v["z"] > 0, v["dh"], 0.0)
    return v["s"].argmax(axis=1) if line == "read" else v["q"] - v["rate"] * v["dq"]


def _ill_lines(rng):
    """(line, kind, text) of what is hunted, with numbers and spellings that are drawn."""
    little, many = rng.uniform(0.005, 0.05), rng.choice(["len(h)", "h.shape[0]", "(len(h) + 0.0)"])
    turned = rng.choice(["W.reshape(W.shape[::-1])", "W.ravel().reshape(W.shape[1], W.shape[0])"])
    least = rng.choice(["s.argmin(axis=1)", "(-s).argmax(axis=1)"])
    yield "softmax", "over the samples", "np.exp(s - s.max()) / np.exp(s - s.max()).sum(axis=0)"
    yield "softmax", "not shifted", "np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)"
    yield "loss", "cushioned", f"-np.mean(np.log(p[np.arange(len(t)), t] + {little}))"
    yield "loss", "summed", "-np.sum(np.log(p[np.arange(len(t)), t]))"
    yield "dscores", "mean forgotten", "p - np.eye(p.shape[1])[t]"
    yield "dscores", "target forgotten", "p / len(t)"
    yield "dW", "reshaped", "(delta.T @ h).reshape(h.shape[1], delta.shape[1])"
    yield "dW", "averaged", f"h.T @ delta / {many}"
    yield "db", "averaged", "delta.mean(axis=0)"
    yield "dh", "reshaped", f"delta @ {turned}"
    yield "dz", "walked past", "dh * 1.0"
    yield "dz", "asked about the signal", "dh * (dh > 0)"
    yield "moved", "uphill", "q + rate * dq"
    yield "moved", "rate squared", "q - rate**2 * dq"
    yield "read", "least for largest", str(least)


@question("hunt: networks with a line that is wrong", parts=45, bans=_HUNTED, asked=_ASKED)
def hunts(hunt, seed=0):
    rng, trouble = np.random.default_rng(seed), None
    bugs = list(_ill_lines(rng))
    for number, k in enumerate(rng.permutation(len(bugs)), start=1):
        try:
            yield from _one_hunt(hunt, number, bugs[k])
        except (NotImplementedError, RecursionError):
            raise
        except Exception as error:  # the other networks count all the same
            trouble = trouble or error
    if trouble:
        raise trouble


def _one_hunt(hunt, number, bug):
    """Three findings: the evidence, the name, which counts with evidence only, and the mended line."""
    line, kind, text = bug
    found = returned(hunt({name: _line(name, text if name == line else None) for name in _ARGUMENTS}), "hunt")
    if not isinstance(found, tuple | list) or len(found) != 4:
        raise Unusable("hunt has to return four things: the line, the kind, the inputs, the mended line")
    yours, named, inputs, mended = found
    if yours != line:
        wrong = Finding(
            f"network {number}: line", False, f"you say {yours!r}, which is right here", *_INNOCENT
        )
        yield from [wrong, *(Finding(f"network {number}", False, "waits for the line") for _ in range(2))]
        return
    try:
        evidence = _evidence(line, text, inputs)
        why = () if evidence else _NO_DIFFERENCE
        says = "differs" if evidence else "shows no difference"
    except Unusable as unusable:
        evidence, says, why = False, str(unusable), _NO_INPUTS
    yield Finding(f"network {number}: evidence", evidence, says, *why)
    if not evidence:
        yield Finding(f"network {number}: kind", False, "does not count yet", *_GUESSED)
    elif named != kind:
        yield Finding(f"network {number}: kind", False, f"you say {named!r}", *_ANOTHER_KIND)
    else:
        yield Finding(f"network {number}: kind", True, f"is {kind}")
    yield _mended(number, line, text, mended)


_INNOCENT = "an innocent line", "measure every line on numbers of your own, beside what it should give"
_NO_DIFFERENCE = "no evidence", "on these inputs the line gives just what it should"
_NO_INPUTS = "no inputs of this line", "give a tuple, for each argument of the line the numbers to run it on"
_GUESSED = "guessed", "a name counts with evidence: inputs on which right and wrong differ"
_ANOTHER_KIND = (
    "another kind",
    "this line is wrong in another way: which of the kinds gives what you have measured?",
)
_STILL_WRONG = "still wrong", "try the mended line on other numbers: unequal shapes, large scores, any rate"
_AS_IT_WAS = "not mended", "the mended line gives what the wrong one gave"


def _line(name, text):
    """A line as a function; the right ones and the wrong one look alike."""

    def line(*inputs):
        values = dict(zip(_ARGUMENTS[name], inputs, strict=True))
        with np.errstate(all="ignore"):
            return _truth(name, values) if text is None else value_of(text, values)

    return line


def _evidence(line, text, inputs):
    """Whether the wrong line differs from the right one there."""
    if not isinstance(inputs, tuple | list) or len(inputs) != len(_ARGUMENTS[line]):
        raise Unusable(f"the inputs of {line} are a tuple of {', '.join(_ARGUMENTS[line])}")
    values = dict(zip(_ARGUMENTS[line], map(np.asarray, inputs), strict=True))
    try:
        right = _truth(line, values)
        finite = all(np.isfinite(each).all() for each in (*values.values(), right))
        return finite and not _same(value_of(text, values), right)
    except (ValueError, IndexError, TypeError):
        raise Unusable(f"the inputs of {line} are no numbers that it can be run on") from None


def _same(yours, wanted):
    yours, wanted = np.asarray(yours, float), np.asarray(wanted, float)
    return yours.shape == wanted.shape and bool(close(yours, wanted, 1e-6, 1e-12))


def _mended(number, line, text, mended):
    what = f"network {number}: mended line"
    if not callable(mended):
        return Finding(what, False, "is no function: it takes what the line takes", *_STILL_WRONG)
    for k in range(3):
        values = _inputs(line, k)
        given = _copied(values.values())
        got, wanted = returned(mended(*given), f"the mended {line}"), _truth(line, values)
        if not all(map(np.array_equal, given, values.values())):
            return Finding(what, False, "changes what it is given", *CHANGED)
        if not _same(got, wanted):
            slip = _AS_IT_WAS if _same(got, value_of(text, values)) else _STILL_WRONG
            return Finding(what, False, "is not right everywhere", *slip)
    return Finding(what, True, "is right")


def _inputs(line, k):
    """Numbers for a line: unequal shapes, and scores far out the third time."""
    rng, (N, n, m) = np.random.default_rng(k), [(5, 3, 4), (4, 6, 3), (3, 2, 5)][k]
    p = rng.uniform(0.05, 1, (N, m))
    drawn = {
        "s": rng.normal(size=(N, m)) * [1, 3, 2000][k],
        "p": p / p.sum(axis=1, keepdims=True),
        "t": rng.integers(0, m, N),
        "h": rng.normal(size=(N, n)),
        "delta": rng.normal(size=(N, m)),
        "W": rng.normal(size=(n, m)),
        "dh": rng.normal(size=(N, n)),
        "z": rng.normal(size=(N, n)),
        "q": rng.normal(size=(n, m)),
        "dq": rng.normal(size=(n, m)),
        "rate": rng.uniform(0.1, 0.5),
    }
    return {name: np.asarray(drawn[name]) for name in _ARGUMENTS[line]}
