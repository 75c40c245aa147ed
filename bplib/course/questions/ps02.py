"""Assignment 2: how the answers are judged, by nudging and by what each known mistake would give."""

from functools import partial

import numpy as np

from ...check.compare import Mistake
from ...check.gate import check_gate
from ...check.report import Finding
from ...gates import sigmoid
from ...gates.foreign import as_gate
from ...graph.derivatives import grad
from ...graph.numerical import numerical_gradient
from ..exercise import Unusable, question
from ..watch import watching
from .common import CHANGED, and_then, compared, in_numpy, in_pairs, returned, same, tell_apart, whole


def _tuple(answer, who, names):
    """The values of an answer that should have one for each name."""
    several = isinstance(returned(answer, who), tuple | list) or np.ndim(answer)
    if not several or len(answer) != len(names):
        raise Unusable(f"{who} has to return {len(names)} values: {', '.join(names)}")
    return answer


def _untouched(function, *given):
    """The answer of a function, which has to leave the arrays that it is given as they are."""
    before = [np.array(each) for each in given]
    answer = function(*given)
    if not all(map(np.array_equal, before, given)):
        raise Unusable(f"{function.__name__} has changed an array that belongs to its caller: work on a copy")
    return answer


# ------------------------------------------------------------------------------------ task 1: four rules


def _numbers(seed, n):
    return _far_apart(np.random.default_rng(seed), n)


def _far_apart(rng, n):
    """n numbers that are nowhere near each other, nor near 0 and 1."""
    return rng.permutation(np.arange(1, n + 1) + rng.uniform(0.2, 0.8, n)).round(2).tolist()


def _rule(who, rule, gate, seed, gives):
    """A finding for each of two points, and when both are right, for one with a negative and one with a 0.

    In the first x is the larger and not the larger in size; in the second y is the larger.

    gives    {mistake: a function of upstream, x, y that returns what it makes of (dx, dy)}
    """
    upstream, *both = _numbers(seed, 3)
    small, large = sorted(both)
    ask = partial(_rule_at, who, rule, gate, gives)
    first = upstream, -small, -large
    yield from and_then(
        ask((first, (-2 * upstream, small, large))),
        lambda: ask(((upstream, large, -small), (1.5, 0.0, large))),
    )


def _rule_at(who, rule, gate, gives, points):
    for u, x, y in points:
        yours = _tuple(rule(u, x, y), who, ("dx", "dy"))
        wanted = [u * slope for slope in numerical_gradient(gate, (x, y))]
        mistakes = [Mistake(*mistake, made(u, x, y)) for mistake, made in gives.items()]
        known = {"the values": (x, y), "the value of the gate": (gate(x, y),) * 2, "(1, 1)": (1, 1)}
        known |= {
            "the signal alone": (u, u),
            "the signal for x alone": (wanted[0], 0),
            "for y": (0, wanted[1]),
        }
        yield compared(f"{who}({u:g}, {x:g}, {y:g})", yours, wanted, mistakes, values=known)


@in_numpy("back_add", parts=2)
def add_rule(back_add, seed=0):
    gives = {
        _IGNORED: lambda u, x, y: (1, 1),
        _SHARED_OUT: lambda u, x, y: (u / 2, u / 2),
        _ADDED: lambda u, x, y: (u + x, u + y),
        _WEIGHTED: lambda u, x, y: (u * x, u * y),
    }
    yield from _rule("back_add", back_add, lambda x, y: x + y, seed, gives)


@in_numpy("back_multiply", parts=2)
def multiply_rule(back_multiply, seed=0):
    gives = {
        _SWAPPED: lambda u, x, y: (u * x, u * y),
        _IGNORED: lambda u, x, y: (y, x),
        _PASSED_ON: lambda u, x, y: (u, u),
        _ADDED: lambda u, x, y: (u + y, u + x),
        _PRODUCT: lambda u, x, y: (u * x * y, u * x * y),
    }
    yield from _rule("back_multiply", back_multiply, lambda x, y: x * y, seed, gives)


@in_numpy("back_max", parts=2)
def max_rule(back_max, seed=0):
    gives = {
        _BOTH: lambda u, x, y: (u, u),
        _TURNED: lambda u, x, y: (u * (x < y), u * (x > y)),
        _IGNORED: lambda u, x, y: (x > y, x < y),
        _SHARED_OUT: lambda u, x, y: (u / 2, u / 2),
        _WEIGHTED: lambda u, x, y: (u * x * (x > y), u * y * (x < y)),
        _BY_UPSTREAM: lambda u, x, y: (max(u, 0) * (x > y), max(u, 0) * (x < y)),
    }
    yield from _rule("back_max", back_max, lambda x, y: max(x, y), seed, gives)


@in_numpy("back_copy", parts=2)
def copy_rule(back_copy, seed=0):
    yield from and_then(_copies(back_copy, seed), lambda: _more_copies(back_copy, seed))


def _more_copies(back_copy, seed):
    """Signals that are negative, that come twice and that cancel; and the list that they came in."""
    a, b = _numbers(seed, 2)
    for signals in ([a, -b, a], [b, b], [a, -a]):
        given = list(signals)
        advice = "each signal counts as it comes, with its sign, and as often as it comes"
        mistakes = [Mistake("signals lost", advice, lambda yours: yours)]
        yield compared(f"back_copy({signals})", back_copy(given), sum(signals), mistakes, floor=1e-9)
        if not same(given, signals):
            yield Finding("signals", False, "are not what they were", *CHANGED)


def _copies(back_copy, seed):
    for n in (2, 3):
        draw, rng = partial(_far_apart, n=n), np.random.default_rng(seed)
        signals = tell_apart(draw, lambda *signals: [(sum(signals), _uncollected(signals))], rng)
        answer = returned(back_copy(list(signals)), "back_copy")
        yield compared(f"back_copy({signals})", answer, sum(signals), _uncollected(signals))


def _uncollected(signals):
    advice, n = "every copy pushes the output, so every signal counts", len(signals)
    for some in range(1, n):
        yield Mistake("one branch missing", advice, sum(signals[:some]))
    yield Mistake("overwritten at a fork", "this is the last signal alone: += and not =", signals[-1])
    yield Mistake("averaged", "each signal counts in full", sum(signals) / n)
    yield Mistake("multiplied", "copies stand side by side, not in a row", np.prod(signals))
    yield Mistake("kept apart", "there is one x, and so one gradient", signals)
    yield Mistake("counted", "this is how many copies there are; what did each of them send?", n)


_IGNORED = "upstream ignored", "these are local derivatives; multiply them by what arrives"
_SHARED_OUT = "shared out", "a signal is not divided among the inputs: each slope stands for itself"
_ADDED = "upstream added", "along a path derivatives multiply, only at a fork do they add"
_WEIGHTED = "value for derivative", "multiply by the local derivative of the gate, not by a value"
_SWAPPED = "inputs swapped", "which value tells how much the product grows when x grows by 1?"
_PASSED_ON = "local derivative left out", "this gate does not let its signal through unchanged"
_PRODUCT = "product for derivative", "the value of x y is not how fast it grows with x"
_BOTH = "sent to both", "a nudge of the smaller input does not change the maximum"
_TURNED = "router turned round", "which of the two does the output follow?"
_BY_UPSTREAM = (
    "routed by the upstream",
    "what was larger on the way forward decides, not the sign of the signal",
)


# --------------------------------------------------------------------------------- task 2: a staged function


def _staged(x, y):
    return (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2)


def _exact_staged(staged):
    """At 0, where σ is 1/2 and its slope 1/4."""
    yield from in_pairs(staged(0.0, 0.0)[1:], (1.5, 0.5))


@in_numpy("staged: value and gradients", parts=3, exact=_exact_staged)
def staged(staged, x=3.0, y=-4.0):
    f, dx, dy = _tuple(staged(x, y), "staged", ("f", "dx", "dy"))
    yield compared(f"f at x = {x:g}, y = {y:g}", f, _staged(x, y), _other_functions(x, y))
    wanted, ways = dict(zip(("dx", "dy"), grad(_staged)(x, y), strict=True)), _ways(x, y)
    for name, yours, each, own in zip(wanted, (dx, dy), ways, (x, y), strict=True):
        slips = [*_at_the_fork(each), *_slips(each, own)]
        yield compared(name, yours, wanted[name], slips, **_around_staged(name, wanted, each, x, y))


def _around_staged(name, wanted, ways, x, y):
    """The parts of a gradient, their factors, and the other gradient."""
    num, total, to_x = x + sigmoid(y), x + y, name == "dx"
    den, by_den = sigmoid(x) + total**2, ways["square"] + (ways["σ"] if to_x else 0)
    return {
        "slopes": {"σ": ("sigmoid", x if to_x else y, ways["σ"])},
        "terms": {f"the way by {stage}": way for stage, way in ways.items()},
        "instead": {
            "the local derivative of 1/x": (-1 / den**2, (-1 / den, 1 / den, den, -den, 1, -1), by_den),
            "what comes back to 1/x": (num, (1, den, 1 / den, num**2, sigmoid(x), x), by_den),
            "the local derivative of a square": (
                2 * total,
                (2, 1, total**2, 2 * total**2, -total),
                ways["square"],
            ),
            "what comes back to the numerator": (1 / den, (den, 1, -1 / den), wanted[name] - by_den),
        },
        "values": {f"{other}, and not {name}": value for other, value in wanted.items() if other != name},
    }


def _other_functions(x, y):
    yield Mistake("inputs swapped", "which of the two stands in which place?", _staged(y, x))
    yield Mistake(
        "square forgotten", "(x + y)² is in the denominator", (x + sigmoid(y)) / (sigmoid(x) + x + y)
    )
    yield Mistake("numerator only", "there is a denominator, too", x + sigmoid(y))
    yield Mistake("sign in the denominator", "it is (x + y)², not (x − y)²", _with_difference(x, y))


def _with_difference(x, y):
    return (x + sigmoid(y)) / (sigmoid(x) + (x - y) ** 2)


def _ways(x, y):
    """What comes back to x and to y: {the stage it comes from: the signal}."""
    num, den = x + sigmoid(y), sigmoid(x) + (x + y) ** 2
    d_num, d_den = 1 / den, -num / den**2
    square = d_den * 2 * (x + y)
    to_x = {"numerator": d_num, "σ": d_den * _slope(x), "square": square}
    return to_x, {"σ": d_num * _slope(y), "square": square}


def _slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


def _at_the_fork(ways):
    for part in ways.values():
        yield Mistake("overwritten at a fork", "one arrival only: add the others, += and not =", part)
    for part in ways.values():
        missing = sum(ways.values()) - part
        yield Mistake("one branch missing", "one of the ways that lead to f is not in it", missing)


def _slips(ways, own):
    """own    x or y, to which these ways lead"""
    total, sigma = sum(ways.values()), ways["σ"]
    unscaled = sigma / _slope(own)
    of_sigma = unscaled * _slope(sigmoid(own))
    by_numerator = ways.get("numerator", sigma)
    yield Mistake("factor 2", "what is the local derivative of a square?", total - ways["square"] / 2)
    yield Mistake("slope of σ left out", "a sigmoid was passed like a +", total - sigma + unscaled)
    yield Mistake("σ taken twice", "σ(1 − σ) wants the output of σ, once", total - sigma + of_sigma)
    yield Mistake("sign of 1/x", "a larger denominator makes f smaller", 2 * by_numerator - total)


@in_numpy("staged: at points of its own choice", parts=6, exact=_exact_staged)
def staged_anywhere(student_staged, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(2):
        x, y = rng.uniform(0.4, 1.2), rng.uniform(-3, -1.8)
        yield from staged.judge(student_staged, round(x, 2), round(y, 2))


# ------------------------------------------------------------------------------------- task 3: the sigmoid


@in_numpy("stages: the four signals", parts=4)
def stages(stages, seed=0):
    rng = np.random.default_rng(seed)
    u, x = round(float(rng.uniform(2, 3)), 2), round(float(rng.uniform(0.5, 1.5)), 2)
    names = ("dc", "db", "da", "dx")
    answer = _tuple(stages(u, x), "stages", names)
    b, y = np.exp(-x), sigmoid(x)
    dc = -u * y**2
    wanted = np.array([dc, dc, dc * b, -dc * b])
    slips = [
        Mistake("upstream ignored", "the first signal is the upstream, not 1", wanted / u),
        Mistake("sign of 1/x", "a larger c makes y smaller", -wanted),
        Mistake("square forgotten", _POWER, wanted / y),
        Mistake("taken at y", _ENTERS, wanted / y**4),
        Mistake("1 + forgotten", "y is 1/c, and c is more than b", wanted / (y * b) ** 2),
        Mistake("taken at x", "what enters the gate exp is a = −x, not x", (dc, dc, dc / b, -dc / b)),
        Mistake(
            "taken at b", "b is the output of exp, not its input", (dc, dc, dc * np.exp(b), -dc * np.exp(b))
        ),
        Mistake("other order", "asked are dc, db, da, dx, as the way back meets them", wanted[::-1]),
        Mistake("exp left out", "+1 lets its signal through, exp does not", (dc, dc, dc, -dc)),
        Mistake("sign of −x", "the gate −x turns the sign round, backward too", (dc, dc, dc * b, dc * b)),
    ]
    stages_forward = {"a": -x, "b": b, "c": 1 + b, "y": y, "the upstream": u}
    local = {
        "dc": (-(y**2), (np.log(1 + b), 1, -1, -2 / (1 + b) ** 3, b, 1 + b)),
        "db": (1, (b, 1 + b, -x, x, 2, -1, y)),
        "da": (b, (-x, x, b**2, 1 + b, 1 / b, y, b * (1 - b))),
        "dx": (-1, (x, -x, b, 2, y)),
    }
    around = [
        {"instead": {f"the local derivative on the way to {name}": local[name]}, "values": stages_forward,
         "factors": {"what has arrived": (u, *wanted)[i]}}
        for i, name in enumerate(names)
    ]  # fmt: skip
    right_so_far = True  # a mistake is named where it is made, and not again at the stages behind it
    for i, name in enumerate(names):
        made_here = [slip for slip in slips if right_so_far and np.allclose(slip.gives[:i], wanted[:i])]
        mistakes = [slip._replace(gives=slip.gives[i]) for slip in made_here]
        known = around[i] if right_so_far else {}
        finding = compared(f"{name} of stages({u}, {x})", answer[i], wanted[i], mistakes, **known)
        right_so_far &= finding.ok
        yield finding


_POWER = "1/c is c⁻¹: what happens to the power when it is differentiated?"
_ENTERS = "−1/c² is written with what enters the gate 1/c, and y is what leaves it"


@in_numpy("sigmoid_forward: numbers and arrays", parts=3)
def sigmoid_values(sigmoid_forward, seed=0):
    array = np.random.default_rng(seed).normal(size=(2, 3))
    kinds = {"an array (2, 3)": array, "a number": float(array[0, 0]), "whole numbers": np.array([-2, 0, 3])}
    for what, x in kinds.items():
        cut = "an array made like x holds whole numbers when x does"
        mistakes = [
            Mistake("opposite sign", "σ grows with x: which sign has the exponent?", sigmoid(-x)),
            Mistake("1 + forgotten", "a sigmoid lies between 0 and 1", np.exp(x)),
            Mistake("another function", "tanh goes from −1 to 1, σ from 0 to 1", np.tanh(x)),
            Mistake("integers truncated", cut, np.trunc(sigmoid(x))),
        ]
        known = {"the slope of σ": _slope(np.asarray(x)), "σ of |x|": sigmoid(np.abs(x))}
        yield compared(f"σ of {what}", _untouched(sigmoid_forward, x), sigmoid(x), mistakes, values=known)


@in_numpy("sigmoid_forward: far out")
def sigmoid_far_out(sigmoid_forward, seed=0):
    rng = np.random.default_rng(seed)
    x = np.array([-1000.0, rng.normal(), 1000.0])
    try:
        with np.errstate(over="raise", invalid="raise"), watching(_SILENCE, asker=__file__) as seen:
            y = sigmoid_forward(x)
    except (FloatingPointError, OverflowError):
        yield Finding("σ of −1000 and 1000", False, "takes e to a power that no float can hold", *_OVERFLOW)
        return
    if seen.used:
        yield Finding("σ of −1000 and 1000", False, "the overflow is silenced, not avoided", *_OVERFLOW)
        return
    yield compared("σ of −1000 and 1000", y, sigmoid(x))


_SILENCE = "numpy.errstate", "numpy.seterr"
_OVERFLOW = (
    "overflow",
    "choose for each entry the form whose exponent is not positive; np.where computes both forms everywhere",
)


def _exact_sigmoid_backward(sigmoid_backward):
    (upstream,) = whole((3,))
    y = np.array([0.25, 0.5, 0.75])
    yield sigmoid_backward(upstream, y), upstream * y * (1 - y)


@in_numpy("sigmoid_backward", parts=2, exact=_exact_sigmoid_backward)
def sigmoid_rule(sigmoid_backward, seed=0):
    rng = np.random.default_rng(seed)
    x, upstream = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    y = sigmoid(x)
    for u in (upstream, 2.5 * upstream):
        mistakes = [
            Mistake(*_IGNORED, _slope(x)),
            Mistake("value for derivative", "multiply by the slope, not by the value", u * y),
            Mistake("σ taken twice", "y is the output already: no further sigmoid of it", u * _slope(y)),
            Mistake("another function's slope", "1 − y² belongs to tanh", u * (1 - y**2)),
            Mistake("one factor left out", "the slope has two factors", u * (1 - y)),
            Mistake("upstream added", _ADDED[1], u + _slope(x)),
            Mistake("opposite sign", "σ grows everywhere: its slope is positive", -u * _slope(x)),
        ]
        yours, known = _untouched(sigmoid_backward, u.copy(), y.copy()), {"slopes": {"σ": ("sigmoid", x)}}
        known |= {
            "factors": {"upstream": u},
            "values": {"with upstream in the brackets": u * y * (1 - u * y)},
        }
        yield compared("dx", yours, u * _slope(x), mistakes, **known)


# ---------------------------------------------------------------------------------------- task 4: a neuron


def _exact_neuron(neuron):
    """With a bias that makes the sum 0, where the slope of tanh is 1."""
    x, w = whole((3,), (3,))
    yield from in_pairs(neuron(x, w, -float(x @ w), 3.0)[1:], (3 * w, 3 * x, 3.0))


@in_numpy("neuron: output and three gradients", parts=4, exact=_exact_neuron)
def neuron(neuron, seed=None, u=2.0):
    x, w, bias = np.array([2.0, 0.0]), np.array([-3.0, 1.0]), 6.8813735870195432
    if seed is not None:
        rng = np.random.default_rng(seed)
        x, w = rng.uniform(0.5, 1, 3), rng.uniform(-1, -0.5, 3)
        u, bias = rng.uniform(2, 3), 0.6 - x @ w
    o, *yours = _tuple(_untouched(neuron, x, w, bias, u), "neuron", ("o", "dx", "dw", "dbias"))
    n = x @ w + bias
    right = np.tanh(n)
    slope = grad(np.tanh)(n)
    forward = [
        Mistake("tanh left out", "this is the sum that enters tanh", n),
        Mistake("bias left out", "the bias belongs to the sum", np.tanh(x @ w)),
        Mistake("another function", "this is the sigmoid of the sum", sigmoid(n)),
        Mistake(
            "weights added",
            "inputs and weights are multiplied, the products added",
            np.tanh(sum(x + w) + bias),
        ),
    ]
    others = {"o with a bias for each product": np.tanh(x @ w + len(x) * bias), "the slope of tanh": slope}
    others |= {"o with the bias subtracted": np.tanh(x @ w - bias), "tanh taken twice": np.tanh(right)}
    others |= {"o of the first two inputs": np.tanh(x[:2] @ w[:2] + bias), "o of the products alone": x @ w}
    yield compared("o", o, right, forward, values=others)
    locals_and_others = ((w, x), (x, w), (1.0, w))
    for name, got, (local, other) in zip(("dx", "dw", "dbias"), yours, locals_and_others, strict=True):
        slips = [
            Mistake("tanh left out", "the signal passes tanh before it comes here", 1),
            Mistake("taken at the sum", "1 − o² wants the output", 1 - n**2),
            Mistake("another function's slope", "o (1 − o) belongs to the sigmoid", right * (1 - right)),
            Mistake("square forgotten", "right but for a square", 1 - right),
            Mistake("value for derivative", "the bias is added, and + hands its signal on", slope * bias),
        ]
        mistakes = [
            Mistake("inputs swapped", "× sends to each input the other value", u * slope * other),
            Mistake("upstream ignored", "right for an upstream of 1", slope * local),
            Mistake("other factor left out", "right up to the product", np.full(np.shape(local), u * slope)),
            *(slip._replace(gives=u * slip.gives * local) for slip in slips),
        ]
        around = {"slopes": {"tanh": ("tanh", n)}, "factors": {"upstream": u}}
        around["instead"] = {
            "the slope of tanh": (slope, (right, right * slope, 1 - np.tanh(right) ** 2, slope**2))
        }
        around["values"] = {"the upstream itself": u, "what a bias of 1 gets without a signal": 1.0}
        yield compared(name, got, u * slope * local, mistakes, **around)


# ------------------------------------------------------------------------------------ task 5: a classifier


def _example():
    return np.array([1.0, 2.0]), np.array([[0.2, -0.5, 0.1], [0.3, 0.4, -0.2]]), 0, 0.1


def _sample(seed):
    """Of four wrong classes three are inside the margin, one outside, and none is near its edge."""
    rng = np.random.default_rng(seed)
    x, W, right = rng.uniform(0.5, 1.5, 3), rng.uniform(0.2, 1, (3, 5)), 1 + int(rng.integers(4))
    scores = np.insert(rng.permutation([0.6, -0.4, -0.2, -1.7]), right, 0.0)
    W += np.outer(x, scores - x @ W) / (x @ x)
    return x, W, right, round(float(rng.uniform(0.2, 0.4)), 2)


def _exact_classifier(classifier):
    """With scores 3, -1 and 5, whose margins are open, closed and open."""
    x, W = np.array([1.0, 2.0]), np.array([[1.0, -3.0, 3.0], [1.0, 1.0, 1.0]])
    ds = np.array([-1.0, 0.0, 1.0])
    yield from in_pairs(classifier(x, W, 0, 0.5)[1:], (ds, np.outer(x, ds) + W))


@in_numpy("classifier: loss and gradients", parts=3, exact=_exact_classifier)
def classifier(classifier, seed=None):
    x, W, right, strength = _example() if seed is None else _sample(seed)
    loss, ds, dW = _tuple(_untouched(classifier, x, W, right, strength), "classifier", ("loss", "ds", "dW"))
    scores, penalty = x @ W, strength * np.sum(W**2)
    known = _around_the_loss(scores, right, penalty, W, strength)
    yield compared(
        "loss", loss, _hinge(scores, right) + penalty, _wrong_losses(scores, right, penalty), **known
    )
    d_hinge = numerical_gradient(lambda s: _hinge(s, right), scores).round(6)
    yield compared(
        "ds", ds, d_hinge, _wrong_ds(d_hinge, scores, right), values=_other_ds(d_hinge, scores, right)
    )
    from_scores, from_penalty = np.outer(x, d_hinge), 2 * strength * W
    parts = {"the way by the scores": from_scores, "the way by the penalty": from_penalty}
    instead = {"the slope of the penalty": (W, (W**2, 1, np.sign(W), 1 / strength, W.sum()), from_penalty)}
    instead |= {"what the scores pass on": (d_hinge, (1, scores, 1 + d_hinge), from_scores)}
    instead |= {"how the scores depend on W": (x[:, np.newaxis], (1, x.sum(), x.mean(), W), from_scores)}
    wrong = _wrong_dW(from_scores, from_penalty, strength)
    yield compared(
        "dW", dW, from_scores + from_penalty, wrong, terms=parts, instead=instead, values={"ds": d_hinge}
    )


def _around_the_loss(scores, right, penalty, W, strength):
    margins, hinge = np.maximum(0, _margins(scores, right)), _hinge(scores, right)
    other = {"another margin": [scores - scores[right] + m for m in (0, -1, 2)]}
    other |= {
        "the signs in a margin": [scores[right] - scores + 1],
        "another right class": [_margins(scores, right - 1)],
    }
    values = {
        f"the loss with {name}": sum(np.maximum(0, _with(each, right, 0))) + penalty
        for name, (each, *_) in other.items()
    }
    values |= {
        "the loss with margins without the 1": np.maximum(0, _with(scores - scores[right], right, 0)).sum()
        + penalty
    }
    values |= {
        "the loss with margins of −1": np.maximum(0, _with(scores - scores[right] - 1, right, 0)).sum()
        + penalty
    }
    values |= {"the loss of the class before": _hinge(scores, right - 1) + penalty}
    values |= {
        "the largest margin": margins.max() + penalty,
        "the mean of the margins": margins.mean() + penalty,
    }
    values |= {"a sum of squared margins": (margins**2).sum() + penalty}
    values |= {
        "the loss with |W|": hinge + strength * np.abs(W).sum(),
        "with the mean of W²": hinge + penalty / W.size,
    }
    return {"terms": {"the margins": hinge, "the penalty": penalty}, "values": values}


def _other_ds(wanted, scores, right):
    e, margins = np.exp(scores - scores.max()), np.maximum(0, _margins(scores, right))
    signs = {f"ds with {name}": (open_ > 0) * 1.0 for name, open_ in {
        "a margin of −1": scores - scores[right] - 1, "no margin": scores - scores[right],
        "the margin turned round": scores[right] - scores + 1}.items()}  # fmt: skip
    others = {
        name: _with(ds, right, 0) - _with(0 * ds, right, _with(ds, right, 0).sum())
        for name, ds in signs.items()
    }
    others |= {"ds of a softmax": _with(e / e.sum(), right, e[right] / e.sum() - 1)}
    others |= {"ds of squared margins": 2 * (margins - _with(0 * margins, right, margins.sum()))}
    others |= {"the margins": _with(margins, right, -margins.sum()), "the scores": scores}
    others |= {"ds of the class before": np.roll(wanted, -1), "the sign at the right class": np.abs(wanted)}
    return others


def _hinge(scores, right):
    return np.maximum(0, _margins(scores, right)).sum()


def _margins(scores, right):
    """How far each wrong class is inside the margin, and 0 for the right one."""
    return _with(scores - scores[right] + 1, right, 0)


def _with(array, i, value):
    changed = array.copy()
    changed[i] = value
    return changed


def _wrong_losses(scores, right, penalty):
    hinge, uncut = _hinge(scores, right), _margins(scores, right).sum()
    yield Mistake("penalty left out", "this is the loss of the scores alone", hinge)
    yield Mistake("right class counted", "the sum leaves out the right class itself", hinge + penalty + 1)
    yield Mistake("margins not cut off", "a class that is far enough behind costs nothing", uncut + penalty)
    yield Mistake("penalty halved", "there is no ½ in this penalty", hinge + penalty / 2)
    yield Mistake("right ignored", "the right class is not always number 0", _hinge(scores, 0) + penalty)


def _wrong_ds(wanted, scores, right):
    every = _with(np.ones(len(wanted)), right, 1 - len(wanted))
    one_arrival, forgotten, counted = (_with(wanted, right, value) for value in (-1, 0, wanted[right] + 1))
    margins = np.maximum(0, _margins(scores, right))
    yield Mistake("right class forgotten", "the score of the right class stands in every margin", forgotten)
    yield Mistake("one branch missing", "the right class gets an arrival from each open margin", one_arrival)
    yield Mistake("right class counted", "the right class has no margin of its own", counted)
    yield Mistake("sent to both", "a router that chose the 0 sends nothing to its margin", every)
    yield Mistake("opposite sign", "the loss falls when the right class gains", -wanted)
    yield Mistake("value for derivative", "these are the margins, not how fast they change", margins)


def _wrong_dW(from_scores, from_penalty, strength):
    both = from_scores + from_penalty
    yield Mistake("regulariser forgotten", "W is used twice, and this is one of its branches", from_scores)
    yield Mistake("overwritten at a fork", "this is the branch of the penalty alone", from_penalty)
    yield Mistake("factor 2", "what is the derivative of a square?", both - from_penalty / 2)
    yield Mistake("strength left out", "how strong is the penalty?", from_scores + from_penalty / strength)
    yield Mistake("transposed", "a gradient has the shape of its variable", both.T)
    yield Mistake("all zero", "every entry is 0: was it ever filled in?", 0 * both)
    yield Mistake("sign of the penalty", "the two branches are added", from_scores - from_penalty)


# ----------------------------------------------------------------------------------- task 6: an own gate


def _exact_swish(Swish):
    gate, (x, upstream) = as_gate(Swish), whole((2, 3), (2, 3))
    yield gate.backward(upstream, gate.forward(x), x)[0], upstream * (sigmoid(x) + x * _slope(x))


@question(
    "Swish: a gate of your own",
    parts=3,
    bans=("bplib.graph.derivatives", "bplib.graph.jacobians"),
    asked="the task asks for the rule of this gate",
    exact=_exact_swish,
)
def swish(Swish, seed=0):
    yield from and_then(_swish(Swish, seed), lambda: _swish_at_zero(Swish))


def _swish_at_zero(Swish):
    """At 0, where out / x is no σ(x), and after another forward."""
    gate, x, u = as_gate(Swish), np.array([[0.0, -1.0, 2.0]]), np.array([[2.0, -3.0, 0.5]])
    gate.forward(x + 1)
    out = gate.forward(x)
    (yours,) = gate.backward(u.copy(), out, x.copy())
    advice = "what is the slope where x is 0, and where out is 0 with it?"
    at_zero = [Mistake("at 0", advice, lambda yours: yours)]
    yield compared("backward at 0", yours, u * (sigmoid(x) + x * _slope(x)), at_zero)


def _around_swish(u, x, s, slope):
    own, through = u * s, u * x * slope
    return {
        "terms": {"the way of x itself": own, "the way through σ": through},
        "factors": {"upstream": u},
        "slopes": {"σ": ("sigmoid", x, through)},
        "instead": {
            "the factor of x itself": (s, (1, x, slope, x * s, -s), own),
            "the slope of σ": (slope, (_slope(x * s), x * s * (1 - x * s), x * s), through),
            "the swap of ×": (x, (1, s, x * s), through),
            "the signal on the way of x itself": (u, (1,), own),
            "the signal on the way through σ": (u, (1,), through),
        },
        "values": {
            "the slope with σ taken of out": u * (sigmoid(x * s) + x * _slope(x * s)),
            "with out for σ in both": u * (x * s + x * x * s * (1 - x * s)),
        },
    }


def _swish(Swish, seed):
    rng = np.random.default_rng(seed)
    x, u = rng.uniform(0.5, 2, (2, 3)) * rng.choice([-1, 1], (2, 3)), rng.normal(size=(2, 3))
    gate, s, slope = as_gate(Swish), sigmoid(x), _slope(x)
    out = _untouched(gate.forward, x)
    forward = [
        Mistake("one factor left out", "x is multiplied by its sigmoid", s),
        Mistake("opposite sign", "σ grows with x: which sign has the exponent?", x * (1 - s)),
    ]
    yield compared("forward", out, x * s, forward, factors={"x": x, "σ(x)": s})
    twice = "x is used twice: by itself and inside σ"
    backward = [
        Mistake("one branch missing", twice, u * s),
        Mistake("one branch missing", twice, u * x * slope),
        Mistake("multiplied", "the two uses stand side by side, not in a row", u * s * x * slope),
        Mistake("upstream ignored", "right for an upstream of 1", s + x * slope),
        Mistake("out for σ", "out is x σ(x); the slope of σ wants σ(x)", u * (s + x * out * (1 - out))),
        Mistake("rule of σ alone", "σ is only one of the two factors of this gate", u * slope),
        Mistake("swap forgotten", "× sends something else to σ than its upstream", u * (s + slope)),
    ]
    (yours,) = gate.backward(u.copy(), out, x.copy())
    yield compared("backward", yours, u * (s + x * slope), backward, **_around_swish(u, x, s, slope))
    yield from check_gate(Swish, x, seeds=(seed, seed + 1)).findings
