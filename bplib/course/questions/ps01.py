"""Assignment 1: how the answers are judged, by calculus and by nudging."""

from copy import copy
from functools import partial

import numpy as np

from ...check.compare import Mistake
from ...check.gate import check_gate
from ...check.report import Finding
from ...gates import add, multiply
from ...graph.derivatives import grad
from ...graph.numerical import numerical_gradient
from ...networks.layers import Layer
from ..exercise import Unusable, question
from .common import and_then, compared, in_numpy, likeliest_first, returned

# ---------------------------------------------------------------------------- task 1: numerical gradient


class _Cubic:
    """f(x) = Σ (a x³ + b x) + (Σx)², whose differences are known exactly.

    The last term ties the entries together: one that stays nudged spoils the slopes of the others.
    """

    def __init__(self, shape, seed):
        rng = np.random.default_rng(seed)
        self.a, self.x = rng.uniform(1, 2, shape), rng.uniform(0.5, 2, shape)
        falls = np.arange(self.x.size).reshape(shape) % 2
        self.b = rng.uniform(-1, 1, shape) - 60 * falls  # every second slope is negative

    def __call__(self, x):
        return float(np.sum(self.a * x**3 + self.b * x) + np.sum(x) ** 2)

    def one_sided(self, h):
        """(f(x + h) − f(x)) / h for each entry; to the left with a negative h, the gradient with h = 0."""
        x = self.x
        return self.a * (3 * x**2 + 3 * x * h + h**2) + self.b + 2 * x.sum() + h

    def central(self, h):
        return (self.one_sided(h) + self.one_sided(-h)) / 2


@in_numpy("numerical_gradient: the slopes of a cubic", parts=2)
def slopes(numerical_gradient, seed=0, shapes=((4,), (2, 3))):
    for shape in shapes:
        f, h = _Cubic(shape, seed), 0.01
        yours = returned(numerical_gradient(f, f.x.copy(), h=h), "numerical_gradient")
        yield compared(f"gradient {shape}", yours, f.central(h), _slips(f, h), rtol=1e-7, step=h)


@in_numpy("numerical_gradient: the default step")
def default_step(numerical_gradient, seed=0):
    f = _Cubic((3,), seed)
    yours = returned(numerical_gradient(f, f.x.copy()), "numerical_gradient")
    yield compared("gradient with its own h", yours, f.one_sided(0), _slips(f, 1e-5), rtol=1e-8, step=1e-5)


def _slips(f, h):
    """The mistakes one can make on the way to f.central(h)."""
    right, nudged = f.central(h), [f(f.x + h * e.reshape(f.x.shape)) for e in np.eye(f.x.size)]
    mirrored = [f(f.x - h * e.reshape(f.x.shape)) for e in np.eye(f.x.size)]
    both = np.add(nudged, mirrored).reshape(right.shape) / (2 * h)
    yield Mistake(
        "plus for minus", "a slope comes from the difference of two values, not from their sum", both
    )
    share = f.central(h * f.x) * f.x
    for relative in (share, share * h, share / f.x):
        yield Mistake("nudged by a share", "every entry is nudged by h, however large it is", relative)
    rows = right.sum(axis=tuple(range(1, right.ndim)), keepdims=True)
    nudged_before = np.arange(right.size).reshape(right.shape)
    for side in (h, -h):
        for times in (1, 0.5):
            yield Mistake("forward difference", _ONE_SIDE, times * f.one_sided(side))
        yield Mistake("x not restored", _STAYS_NUDGED, right + 2 * side * nudged_before)
    yield Mistake("h ignored", "the nudge has to be the argument h", f.one_sided(0))
    yield Mistake("divided by h", "how far apart are the two points at which f is taken?", 2 * right)
    yield Mistake("not divided", "a slope is a difference of f for each unit of the way", 2 * h * right)
    yield Mistake("sign", "the slopes have the right size and the opposite sign", -right)
    yield Mistake("all zero", "every slope is 0: was it ever filled in?", 0 * right)
    yield Mistake("whole rows nudged", _ROWS, np.broadcast_to(rows, right.shape))
    yield Mistake(
        "all nudged at once", "nudge one entry and leave the others alone", np.full(right.shape, right.sum())
    )


_ONE_SIDE = "this looks to one side of x only; the central difference looks to both"
_STAYS_NUDGED = "put an entry back before the next one is nudged"
_ROWS = "x[i] of a matrix is a whole row; walk over all of its entries"


@in_numpy("numerical_gradient: an array of integers")
def integers(numerical_gradient, seed=0):
    x = np.random.default_rng(seed).permutation(np.arange(1, 5))[:3]
    yours = numerical_gradient(lambda x: float(np.sum(0.7 * x * x)), x.copy())
    cut = [Mistake("integers truncated", _CUT, 0.7 * gives) for gives in _cut_slopes(x)]
    yours = returned(yours, "numerical_gradient")
    yield compared(f"gradient at {x.tolist()}", yours, 1.4 * x, cut, rtol=1e-4)  # about integers, not about h


_CUT = "an array of integers cuts off the decimals of what is put into it: work with floats"


def _cut_slopes(x):
    """What truncation makes of the gradient of Σx²: x + h becomes x, x − h x − 1, or the slopes are cut."""
    for h in (1e-5, 1e-4, 1e-3):
        yield (2 * x - 1) / (2 * h)
        yield (2 * x - 1) / h
    yield np.zeros(len(x))
    yield np.trunc(1.4 * x) / 0.7


@in_numpy("numerical_gradient: x after the call")
def restores(numerical_gradient, seed=0):
    f = _Cubic((12,), seed)
    x, seen = f.x.copy(), []

    def watched(x):
        seen.append(np.array(x))
        return f(x)

    numerical_gradient(watched, x)
    if all(np.array_equal(point, f.x) for point in seen):
        raise Unusable("f was never asked at a nudged x, so there was nothing to put back")
    yield _same("x after the call", x, f.x, _NOT_RESTORED)


_NOT_RESTORED = "x not restored", "x stays nudged; put each entry back"


@in_numpy("numerical_gradient: x after an f that raises", parts=3)
def restores_after_an_error(numerical_gradient, seed=0):
    f = _Cubic((3,), seed)
    for calls_that_work in (0, 1, 3):
        x, failing = f.x.copy(), _Fails(f, calls_that_work)
        what = f"x after an error in call {calls_that_work + 1} of f"
        if not _raises(numerical_gradient, failing, x):
            asked = calls_that_work - failing.left
            yield Finding(what, False, _SWALLOWED if failing.left < 0 else f"f was asked only {asked} times")
            return
        found = _same(what, x, f.x, _NEVER_REACHED)
        yield found
        if not found.ok:
            return


_SWALLOWED = "the error of f was swallowed: let it reach the caller"
_NEVER_REACHED = (
    "x not restored after an error",
    "when f raises, the line that puts the entry back is never reached: which other way is safe?",
)


class _Fails:
    """f, until it has been called often enough."""

    def __init__(self, f, calls_that_work):
        self.f, self.left = f, calls_that_work

    def __call__(self, x):
        self.left -= 1
        if self.left < 0:
            raise ZeroDivisionError("f cannot be computed here")
        return self.f(x)


def _raises(gradient, f, x):
    try:
        gradient(f, x)
    except ZeroDivisionError:
        return True
    return False


def _same(what, now, before, mistake):
    off = np.abs(now - before).max()
    if off == 0:
        return Finding(what, True, "is as it was")
    return Finding(what, False, f"is off by up to {off:.0e}", *(_ARITHMETIC if off < 1e-12 else mistake))


_ARITHMETIC = "put back by arithmetic", "x + h − h is not quite x: remember the entry itself"


def _pair(answer, who, names):
    """The two values of an answer."""
    try:
        first, second = returned(answer, who)
    except (TypeError, ValueError):
        raise Unusable(f"{who} has to return two values, {names}; got {type(answer).__name__}") from None
    return first, second


# ------------------------------------------------------------------------------------- task 2: the chain


def _exact_wave(wave):
    for x in (0.0, 0.5, 0.9):
        y, w = 3 * x - 1, np.exp(-((3 * x - 1) ** 2))
        yield wave(x)[1], -w * 2 * y * 3


@in_numpy("wave: value and slope", parts=2, exact=_exact_wave)
def wave(wave, x):
    value, slope = _pair(wave(x), "wave", "w and its slope")
    y, w = 3 * x - 1, _bell(x)
    wanted = numerical_gradient(_bell, float(x))
    slips = [
        Mistake("sign", "the exponent is −z, not z", 1 / w),
        Mistake("in the other order", "first w, then its slope", wanted),
    ]
    slips += [
        Mistake("x ignored", "this is w at another x: compute it from the argument", _bell(at))
        for at in SHOWN
    ]
    others = {"its slope": wanted, "y": y, "z": y**2, "e⁻ʸ": np.exp(-y), "y = 3x + 1": _bell(x + 2 / 3)}
    yield compared(f"w at x = {x:.3g}", value, w, slips, values=others)
    mistakes = [
        Mistake("inner factor forgotten", "y = 3x − 1 has a local derivative too", wanted / 3),
        Mistake("sign", "e⁻ᶻ falls as z grows: which sign has its local derivative?", -wanted),
        Mistake("taken at x", "the local derivative of y² is taken at y and not at x", -w * 2 * x * 3),
        Mistake("taken at y", "the local derivative of e⁻ᶻ is taken at z, not at y", -np.exp(-y) * 2 * y * 3),
        Mistake("last link only", "this is the local derivative of e⁻ᶻ alone; the chain has three links", -w),
        Mistake("factor 2", "look again at the local derivative of y²", wanted / 2),
        Mistake("added", "along a chain the local derivatives are multiplied, not added", -w + 2 * y + 3),
        Mistake("value left out", "what is the local derivative of e⁻ᶻ? It depends on z", -2 * y * 3),
    ]  # fmt: skip
    # wanted comes from a central difference, good to about 1e-9 of the curve's height 1
    yield compared(f"slope at x = {x:.3g}", slope, wanted, mistakes, floor=1e-8, **_around_wave(x))


def _around_wave(x):
    """What else may stand where the three local derivatives stand, and what else occurs."""
    y = 3 * x - 1
    z, w = y**2, _bell(x)
    return {
        "factors": {"e⁻ᶻ": w, "y": y},
        "instead": {
            "the local derivative of e⁻ᶻ": (
                -w,
                (1 / w, -1 / w, -np.exp(-y - 1), -z * np.exp(-z - 1), np.exp(-y)),
            ),
            "the local derivative of y²": (2 * y, (2 * z, z, 2, 2 * w, 3 * z, y**3 / 3)),
            "the local derivative of 3x − 1": (3, (3 * x, y, -1, 2)),
        },
        "values": {"w": w, "y": y, "z": z, "the product of two links": 6 * y},
    }


SHOWN = (0.7, -0.2)  # in the visible test; at 0.5, where y = x, a derivative taken at x would look right


def _bell(x):
    return float(np.exp(-((3 * x - 1) ** 2)))


@in_numpy("wave: at points of its own choice", parts=6, exact=_exact_wave)
def wave_anywhere(student_wave, seed=0):
    for x in np.random.default_rng(seed).uniform(0.75, 1.2, 3):
        yield from wave.judge(student_wave, float(x))


# ------------------------------------------------------------------------------------ task 3: two layers


@in_numpy("MulLayer", parts=3)
def mul_layer(MulLayer, seed=0):
    yield from _layer(MulLayer, multiply, seed)


@in_numpy("AddLayer", parts=3)
def add_layer(AddLayer, seed=0):
    yield from _layer(AddLayer, add, seed)


def _layer(Layer, gate, seed):
    x, y = _inputs(seed, 2)
    layer = Layer()
    out = returned(layer.forward(x, y), "forward")
    yield compared(f"forward({x}, {y})", out, gate(x, y))
    _pair(layer.backward(1.5), "backward", "the signals for x and y")
    found = check_gate(Layer(), x, y, seeds=(seed, seed + 1)).findings
    yield from and_then(found, lambda: _asked_again(Layer(), gate, seed))


def _asked_again(layer, gate, seed):
    """Of one layer: forward and backward, and both again with a negative number, and with 0."""
    x, y = _inputs(seed + 1, 2)
    for a, b, dout in ((x, y, 2.0), (0.0, -y, -1.5), (-x, y, 0.5)):
        out = layer.forward(a, b)
        yours = _pair(layer.backward(dout), "backward", "the signals for x and y")
        wanted = gate.backward(dout, out, a, b)
        for name, got, right in zip(("dx", "dy"), yours, wanted, strict=True):
            again = [Mistake(*_NOT_ANEW, lambda yours: yours)]
            yield compared(f"{name} for {a:g}, {b:g} and dout {dout:g}", got, right, again)


_NOT_ANEW = "right the first time only", "is it right for a 0, for negative numbers, and for a second call?"


def _inputs(seed, n):
    """n numbers that are nowhere near each other."""
    rng = np.random.default_rng(seed)
    return rng.permutation(np.arange(1, n + 1) + rng.uniform(0.1, 0.8, n)).round(2).tolist()


@in_numpy("two layers of the same class", parts=2)
def layers_are_independent(Layer, seed=0):
    """The first layer must not have forgotten its inputs when the second one is used."""
    a, b, c, d = _inputs(seed, 4)
    first, second = Layer(), Layer()
    first.forward(a, b)
    second.forward(c, d)
    yours = _pair(first.backward(2.0), "backward", "the signals for x and y")
    wanted, shared = multiply.backward(2.0, a * b, a, b), multiply.backward(2.0, c * d, c, d)
    for name, got, right, wrong in zip(("dx", "dy"), yours, wanted, shared, strict=True):
        yield compared(
            f"{name} of the first layer", got, right, [Mistake("state shared", _SHARED_STATE, wrong)]
        )


_SHARED_STATE = (
    "a second layer has overwritten what the first one stored: where does a layer keep what is its own?"
)


# ---------------------------------------------------------------------------------- task 4: two fruits


def _layers():
    """Mul and Add with the face of the books, and a list that each of their backward passes joins.

    They have these two methods alone: in the sandbox, what can be called shows nothing else of itself.
    """
    passes = []

    class Noted:
        def __init__(self, gate):
            self._layer = Layer(gate)

        def forward(self, x, y):
            return self._layer.forward(x, y)

        def backward(self, dout):
            downstream = self._layer.backward(dout)
            passes.append(self)
            return downstream

    return partial(Noted, multiply), partial(Noted, add), passes


_NAMES = ("apple", "apples", "orange", "oranges", "tax")
_PRICES = (100.0, 2.0, 150.0, 3.0, 1.1)


@question("two_fruits: the bill and its five gradients", parts=7)
def two_fruits(two_fruits, prices=_PRICES):
    Mul, Add, passes = _layers()
    bill, gradients = _pair(two_fruits(*prices, Mul, Add), "two_fruits", "the bill and a dict of gradients")
    if isinstance(bill, dict):
        yield Finding("bill", False, "is a dict", *_OTHER_ORDER)
        return
    yield compared("bill", bill, _bill(*prices), _other_bills(*prices))
    if not isinstance(gradients, dict):
        raise Unusable(f"the gradients have to be a dict with the names {', '.join(_NAMES)}")
    wanted = dict(zip(_NAMES, grad(_bill)(*prices), strict=True))
    yours = {name: gradients.get(name) for name in _NAMES}
    slips = likeliest_first(_fruit_slips(prices, tuple(wanted.values())), yours)
    for name, right in wanted.items():
        mistakes = [slip._replace(gives=slip.gives[name]) for slip in slips if slip.gives[name] is not None]
        if yours[name] is None:
            yield Finding(f"gradient of {name}", False, "is not in the dict")
        else:
            others = {f"the gradient of {other}": wanted[other] for other in _NAMES if other != name}
            yield compared(f"gradient of {name}", yours[name], right, mistakes, values=others)
    yield _went_back(passes)


def _bill(apple, apples, orange, oranges, tax):
    return (apple * apples + orange * oranges) * tax


def _other_bills(apple, apples, orange, oranges, tax):
    one, other = apple * apples, orange * oranges
    yield Mistake("tax left out", "the tax belongs to the bill", one + other)
    yield Mistake("prices ignored", _OF_THE_EXAMPLE, _bill(*_PRICES))
    for part in (one * tax + other, one + other * tax):
        yield Mistake("tax on one fruit", _ONE_TAXED, part)
    yield Mistake("multiplied instead of added", "what the two kinds cost is added", one * other * tax)


_OF_THE_EXAMPLE = "this is the bill of the example: compute it from the arguments"
_ONE_TAXED = "first the two kinds of fruit are added up, and then comes the tax on both"
_OTHER_ORDER = "in the other order", "first the bill, and then the dict with its gradients"


def _went_back(passes):
    if passes:
        return Finding("layers", True, f"went backward {len(passes)} times")
    return Finding("layers", False, "none of them went backward", *_NOT_USED)


_NOT_USED = (
    "layers not used",
    "let Mul and Add find the gradients; with a million weights nobody writes a formula for each",
)


def _fruit_slips(prices, wanted):
    """What the known mistakes make of each gradient; None where one says nothing."""
    apple, apples, orange, oranges, tax = prices
    one, other, bill = apple * apples, orange * oranges, _bill(*prices)
    net, of_apple, of_orange = one + other, wanted[:2], wanted[2:4]
    products = one * apples, one * apple, other * oranges, other * orange
    table = [
        Mistake("one layer in several places", _SHARED, (tax**2, tax * net, tax**2, tax * net, net)),
        Mistake("one layer in several places", _SHARED, (*of_orange, *of_orange, net)),
        Mistake("one layer in several places", _SHARED, (*of_apple, *of_apple, net)),
        Mistake("fruits exchanged", _FRUITS, (*of_orange, *of_apple, net)),
        Mistake("value for signal", _VALUE, (*products, net)),
        Mistake("shared out", _HALVES, (*(g / 2 for g in wanted[:4]), net)),
        Mistake("tax on one fruit", _ONE_TAXED, (*of_apple, oranges, orange, one)),
        Mistake("tax on one fruit", _ONE_TAXED, (apples, apple, *of_orange, other)),
        Mistake("multiplied instead of added", _TIMES, _of_a_product(one, other, prices)),
        Mistake("inputs swapped", _SWAPPED, (wanted[1], wanted[0], wanted[3], wanted[2], tax)),
        Mistake("inputs swapped", _SWAPPED, (net * apples, net * apple, net * oranges, net * orange, tax)),
        Mistake("upstream ignored", _IGNORED, (apples, apple, oranges, orange, None)),
        Mistake("the bill itself", "asked is the sensitivity of the bill", (None,) * 4 + (bill,)),
        *(Mistake("first signal not 1", _FIRST, [first * g for g in wanted]) for first in (bill, tax, net)),
    ]  # fmt: skip
    return [slip._replace(gives=dict(zip(_NAMES, slip.gives, strict=True))) for slip in table]


def _of_a_product(one, other, prices):
    """The gradients of the bill with × in the place of +: each is the bill divided by its own number."""
    return [one * other * prices[-1] / number for number in prices]


_FRUITS = "these gradients are right for the other kind of fruit: which signal belongs to which layer?"
_VALUE = "a layer got a value of the way forward; what goes back is the signal of the layer behind it"
_HALVES = "an addition does not divide its signal: it hands all of it to both"
_TIMES = "what the two kinds cost is added: which layer does that?"
_FIRST = "the way back begins at the bill: by how much does the bill change when the bill changes by 1?"
_SHARED = (
    "a layer remembers only its last forward pass; used in several places, it gives every place the answer "
    "of the last one"
)
_SWAPPED = "this is the gradient of the other input of the same gate"
_IGNORED = "start from what the layer behind it sends back"


@question("two_fruits: with other prices", parts=7)
def two_fruits_anywhere(student_two_fruits, seed=0):
    rng = np.random.default_rng(seed)
    prices = (*rng.uniform(50, 200, 4).round(1).tolist(), round(float(rng.uniform(1.05, 1.3)), 2))
    yield from two_fruits.judge(student_two_fruits, prices)


# ------------------------------------------------------------------------------- task 5: do they agree?


@question("agree: numbers that are equal up to rounding", parts=4)
def agree_on_rounding(agree, seed=0):
    a = np.random.default_rng(seed).uniform(1, 2, (2, 3))
    _decides(agree)
    yield _says(agree, "0.1 + 0.2 and 0.3", 0.1 + 0.2, 0.3, True, _EXACT)
    yield _says(agree, "715 and 650 × 1.1", np.array([715.0, 1.0]), np.array([650 * 1.1, 1.0]), True, _EXACT)
    yield _says(agree, "a matrix and itself with rounding", a, a * (1 + 1e-12), True, _EXACT)
    yield _says(agree, "zeros", np.zeros(3), np.zeros(3), True, _ZERO)


@question("agree: numbers that differ", parts=3)
def agree_on_differences(agree, seed=0):
    a = np.random.default_rng(seed).uniform(1, 2, (2, 3))
    one_off = a.copy()
    one_off[1, 2] += 0.1
    _decides(agree)
    too_large = _says(agree, "one entry too large by 0.1", one_off, a, False, _ANY)
    yield too_large
    mistake = _SIGNED if too_large.ok else _ANY
    yield _says(agree, "one entry too small by 0.1", 2 * a - one_off, a, False, mistake)
    yield _says(agree, "one of six off, the others equal", one_off - a, np.zeros((2, 3)), False, _ANY)


@question("agree: small and large gradients", parts=3)
def agree_on_any_scale(agree, seed=0):
    a = np.random.default_rng(seed).uniform(1, 2, 4)
    _decides(agree)
    yield _says(agree, "about 2e-9 and half of that", 2e-9 * a, 1e-9 * a, False, _ABSOLUTE)
    yield _says(agree, "about 1e9, apart by 1e-8 of that", 1e9 * a, 1e9 * a * (1 + 1e-8), True, _ABSOLUTE)
    small, large = np.array([1e-9, 1.0]), np.array([2e-9, 1.0])
    yield _says(agree, "1e-9 and 2e-9, each beside a 1", small, large, True, _ENTRYWISE)


@question("agree: the tolerance it is given", parts=4)
def agree_on_rtol(agree):
    yield from and_then(
        _on_rtol(agree), lambda: and_then(_on_the_scale(agree), lambda: _in_proportion(agree))
    )


def _on_the_scale(agree):
    a, ones = np.array([-3.0, 1.0, 0.0, 0.0]), np.ones(16)
    yield _says(agree, "−3 beside 1 and 1.00002", a, a + 2e-5 * np.eye(4)[1], True, _SIZE)
    yield _says(agree, "−2 and −2.00001", np.array([-2.0]), np.array([-2.00001]), True, _SIZE)
    yield _says(agree, "one of 16 off by 2e-5", ones, ones + 2e-5 * np.eye(16)[3], False, _LARGEST)


def _in_proportion(agree):
    ones, close = np.ones(16), np.ones(16) + 8e-6
    yield _says(agree, "16 ones and 16 times 1.000008", ones, close, True, _ADDED_UP)
    yield _says(agree, "1e4 and 1.001e4", np.array([1e4, 1.0]), np.array([1.001e4, 1.0]), False, _PROPORTION)
    yield _says(agree, "1 and 1 + 1e-9 with rtol=1e-12", 1.0, 1.0 + 1e-9, False, _COARSE, rtol=1e-12)


def _on_rtol(agree):
    _decides(agree)
    heeded = _says(agree, "1 and 1.05 with rtol=0.1", 1.0, 1.05, True, _RTOL, rtol=0.1)
    yield heeded
    yield _says(agree, "1 and 1.05 with rtol=0.01", 1.0, 1.05, False, _RTOL, rtol=0.01)
    if not heeded.ok:
        return
    yield _says(agree, "1 and 3 with rtol=0.9", 1.0, 3.0, True, _SCALE, rtol=0.9)
    yield _says(agree, "3 and 1 with rtol=0.9", 3.0, 1.0, True, _SCALE, rtol=0.9)


@question("agree: shapes that cannot be compared", parts=3)
def agree_on_shapes(agree):
    _decides(agree)
    yield _says(agree, "shapes (3,) and (3,), all ones", np.ones(3), np.ones(3), True, _EXACT)
    yield _says(agree, "shapes (3,) and (3, 1), all ones", np.ones(3), np.ones((3, 1)), False, _SHAPE)
    yield _says(agree, "shapes (3,) and (4,), all ones", np.ones(3), np.ones(4), False, _SHAPE)


@question("agree: a and b after the call")
def agree_keeps_its_arguments(agree, seed=0):
    a, b = before = np.random.default_rng(seed).normal(size=(2, 2, 3))
    _decides(agree)
    a, b = a.copy(), b.copy()
    agree(a, b)
    yield _same("a and b", np.array([a, b]), before, _IN_PLACE)


_IN_PLACE = "changed in place", "a and b belong to the caller: work out their difference beside them"
_EXACT = "compared with ==", "computed numbers carry rounding: allow a difference that is small beside them"
_ZERO = (
    "divided by zero",
    "where both are 0 a quotient has no meaning: a difference of 0 is at most rtol times anything",
)
_ANY = "not every entry", "every entry has to agree: which single number tells?"
_SIGNED = (
    "sign of the difference",
    "a − b can be negative, and then it is smaller than any tolerance: it is its size that matters",
)
_ABSOLUTE = (
    "absolute tolerance",
    "a fixed tolerance is too wide for small gradients and too narrow for large ones",
)
_ENTRYWISE = (
    "entry by entry",
    "the scale is that of the whole array: rounding in a 1 may be larger than the 1e-9 beside it",
)
_RTOL = "rtol ignored", "how far apart a and b may be is for the caller to say"
_SCALE = "scale of one side", "the scale is the largest size that occurs in a or in b, whichever has it"
_SHAPE = "shapes ignored", "numpy stretches (3,) against (3, 1) without a word: look at the shapes first"
_SIZE = (
    "size of the scale",
    "the scale is the largest size: of −3 and 1 it is 3, whatever their sign or their mean",
)
_ADDED_UP = "differences added up", "only the largest difference counts, however many small ones there are"
_PROPORTION = (
    "not in proportion",
    "of numbers that are twice as large, twice the difference is allowed, no more",
)
_COARSE = "kept in float32", "the digits that decide are lost: leave numbers as exact as they come"
_LARGEST = "not the largest difference", "one entry that is too far off decides, however many others agree"


def _decides(agree):
    """An answer that is always the same would be right in half of the cases."""
    if _answer(agree, 1.0, 1.0) == _answer(agree, 1.0, 2.0) == _answer(agree, 2.0, 1.0):
        raise Unusable("agree says the same of 1 and 1 as of 1 and 2: it has to look at a and b")


def _answer(agree, a, b, **options):
    answer = returned(agree(copy(a), copy(b), **options), "agree")
    if np.ndim(answer) or np.asarray(answer).dtype != bool:
        raise Unusable(f"agree has to return one True or False; got {type(answer).__name__}")
    return bool(answer)


def _says(agree, what, a, b, wanted, mistake, **options):
    answer = _answer(agree, a, b, **options)
    if answer == wanted:
        return Finding(what, True, f"{answer}, as it should be")
    return Finding(what, False, f"agree says {answer}", *mistake)
