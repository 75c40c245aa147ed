"""Assignment 1: how the answers are judged, by calculus and by nudging."""

from functools import partial

import numpy as np

from ..check import check_gate
from ..compare import Mistake, compare
from ..derivatives import grad, numerical_gradient
from ..exercise import question
from ..gates import add, multiply
from ..layers import Layer
from ..report import Finding

# ---------------------------------------------------------------------------- task 1: numerical gradient


class _Cubic:
    """f(x) = Σ a x³ + b x, whose gradient 3 a x² + b is known exactly."""

    def __init__(self, shape, seed):
        rng = np.random.default_rng(seed)
        self.a, self.b = rng.uniform(1, 2, shape), rng.uniform(-1, 1, shape)
        self.x = rng.uniform(0.5, 2, shape)

    def __call__(self, x):
        return float(np.sum(self.a * x**3 + self.b * x))

    def gradient(self):
        return 3 * self.a * self.x**2 + self.b

    def one_sided(self, h):
        return 3 * self.a * (self.x**2 + self.x * h + h * h / 3) + self.b


@question("numerical_gradient: the slopes of a cubic")
def slopes(numerical_gradient, seed=0, shapes=((4,), (2, 3))):
    for shape in shapes:
        f, h = _Cubic(shape, seed), 1e-3
        wanted = f.gradient()
        mistakes = [
            Mistake(
                "forward difference", "this looks to one side only; use f(x + h) and f(x − h)", f.one_sided(h)
            ),
            Mistake(
                "forward difference",
                "this looks to one side only; use f(x + h) and f(x − h)",
                f.one_sided(-h),
            ),
            Mistake("divided by h", "from x − h to x + h is a way of 2h", 2 * (wanted + f.a * h * h)),
            Mistake("not divided", "a slope is the difference of f divided by the way, 2h", 2 * h * wanted),
            Mistake("sign", "f(x + h) − f(x − h), in this order", -(wanted + f.a * h * h)),
        ]
        # a central difference of a cubic is wrong by a·h², here up to 2e-6; one to one side, by 3·a·x·h
        yield compare(
            f"gradient {shape}", numerical_gradient(f, f.x.copy(), h=h), wanted, mistakes, rtol=1e-5
        )


@question("numerical_gradient: the default step")
def default_step(numerical_gradient, seed=0):
    f = _Cubic((3,), seed)
    yield compare("gradient with its own h", numerical_gradient(f, f.x.copy()), f.gradient(), rtol=1e-7)


@question("numerical_gradient: an array of integers")
def integers(numerical_gradient, seed=0):
    x = np.random.default_rng(seed).permutation(np.arange(1, 6))[:3]

    def f(x):
        return float(np.sum(x * x))

    cut = [
        Mistake("integers truncated", _CUT, gives) for h in (1e-5, 1e-4, 1e-3) for gives in _cut_slopes(x, h)
    ]
    yield compare(f"gradient at {x.tolist()}", numerical_gradient(f, x.copy()), 2.0 * x, cut)


_CUT = "x is an array of integers, so x[i] + h is cut back to an integer; nudge a float copy of x"


def _cut_slopes(x, h):
    """What truncation makes of Σx²: x + h becomes x, and x − h becomes x − 1."""
    return (2 * x - 1) / (2 * h), np.zeros(len(x)), (2 * x - 1) / h


@question("numerical_gradient: x after the call")
def restores(numerical_gradient, seed=0):
    f = _Cubic((3,), seed)
    x = f.x.copy()
    numerical_gradient(f, x)
    yield _same(
        "x after the call", x, f.x, "x not restored", "the caller's x stays nudged; put each entry back"
    )


@question("numerical_gradient: x after an f that raises")
def restores_after_an_error(numerical_gradient, seed=0):
    f = _Cubic((3,), seed)
    for calls_that_work in (0, 1, 3):
        x = f.x.copy()
        raised = _raises(numerical_gradient, _Fails(f, calls_that_work), x)
        what = f"x after an error in call {calls_that_work + 1} of f"
        if not raised:
            yield Finding(what, False, "the error of f was swallowed: let it reach the caller")
            return
        advice = (
            "when f raises, the line that puts x[i] back is never reached: nudge a copy, or use try … finally"
        )
        yield _same(what, x, f.x, "x not restored after an error", advice)


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


def _same(what, now, before, mistake, advice):
    if np.array_equal(now, before):
        return Finding(what, True, "is as it was")
    return Finding(what, False, f"is off by up to {np.abs(now - before).max():.0e}", mistake, advice)


# ------------------------------------------------------------------------------------- task 2: the chain


@question("wave: value and slope")
def wave(wave, x):
    value, slope = wave(x)
    y = 3 * x - 1
    w = np.exp(-(y**2))
    wanted = numerical_gradient(lambda x: float(np.exp(-((3 * x - 1) ** 2))), float(x))
    yield compare(f"w at x = {x:.3g}", value, w, [Mistake("sign", "the exponent is −z, not z", np.exp(y**2))])
    mistakes = [
        Mistake("inner factor forgotten", "y = 3x − 1 has a local derivative too", wanted / 3),
        Mistake("sign", "e⁻ᶻ falls as z grows: its local derivative has a minus", -wanted),
        Mistake("taken at x", "the local derivative of y² is 2y, taken at y and not at x", -w * 2 * x * 3),
        Mistake(
            "last link only", "this is the local derivative of e⁻ᶻ alone; multiply by those of z and y", -w
        ),
        Mistake("factor 2", "the local derivative of y² has a factor 2", wanted / 2),
        Mistake("added", "along a chain the local derivatives are multiplied, not added", -w + 2 * y + 3),
        Mistake("value left out", "the local derivative of e⁻ᶻ contains e⁻ᶻ itself", -2 * y * 3),
    ]
    # wanted comes from a central difference, good to about 1e-9 of the curve's height 1
    yield compare(f"slope at x = {x:.3g}", slope, wanted, mistakes, floor=1e-8)


@question("wave: at points of its own choice")
def wave_anywhere(student_wave, seed=0):
    for x in np.random.default_rng(seed).uniform(0.5, 1.2, 3):
        yield from wave.judge(student_wave, float(x))


# ------------------------------------------------------------------------------------ task 3: two layers


@question("MulLayer")
def mul_layer(MulLayer, seed=0):
    yield from _layer(MulLayer, multiply, seed)


@question("AddLayer")
def add_layer(AddLayer, seed=0):
    yield from _layer(AddLayer, add, seed)


def _layer(Layer, gate, seed):
    x, y = np.random.default_rng(seed).uniform(1, 3, 2).round(2).tolist()
    yield compare(f"forward({x}, {y})", Layer().forward(x, y), gate(x, y))
    yield from check_gate(Layer(), x, y, seeds=(seed, seed + 1)).findings


@question("two layers of the same class")
def layers_are_independent(Layer, seed=0):
    """The first layer must not have forgotten its inputs when the second one is used."""
    a, b, c, d = np.random.default_rng(seed).uniform(1, 3, 4).round(2).tolist()
    first, second = Layer(), Layer()
    first.forward(a, b)
    second.forward(c, d)
    advice = "a second layer has overwritten what the first one stored: keep it in self, not in the class"
    wanted, shared = multiply.backward(2.0, a * b, a, b), multiply.backward(2.0, c * d, c, d)
    for name, yours, right, wrong in zip(("dx", "dy"), first.backward(2.0), wanted, shared, strict=True):
        yield compare(f"{name} of the first layer", yours, right, [Mistake("state shared", advice, wrong)])


# ---------------------------------------------------------------------------------- task 4: two fruits


_Mul, _Add = partial(Layer, multiply), partial(Layer, add)
_NAMES = ("apple", "apples", "orange", "oranges", "tax")


@question("two_fruits: the bill and its five gradients")
def two_fruits(two_fruits, prices=(100.0, 2.0, 150.0, 3.0, 1.1)):
    apple, apples, orange, oranges, tax = prices
    before_tax = apple * apples + orange * oranges
    bill, gradients = two_fruits(*prices, _Mul, _Add)
    yield compare(
        "bill", bill, before_tax * tax, [Mistake("tax left out", "multiply by the tax factor", before_tax)]
    )
    if not isinstance(gradients, dict) or set(gradients) != set(_NAMES):
        wants = ", ".join(_NAMES)
        yield Finding("gradients", False, f"should be a dict with the names {wants}")
        return
    wanted = grad(lambda a, m, o, n, t: (a * m + o * n) * t)(*prices)
    shared = dict(
        zip(_NAMES, (tax * tax, tax * before_tax, tax * tax, tax * before_tax, before_tax), strict=True)
    )
    ignored = dict(zip(_NAMES, (apples, apple, oranges, orange, None), strict=True))
    crossed = dict(zip(_NAMES, (wanted[1], wanted[0], wanted[3], wanted[2], tax), strict=True))
    for name, right in zip(_NAMES, wanted, strict=True):
        mistakes = [
            Mistake("one layer in several places", _SHARED, shared[name]),
            Mistake(
                "inputs swapped", "this is the gradient of the other input of the same gate", crossed[name]
            ),
        ]
        if ignored[name] is not None:
            mistakes.append(
                Mistake("upstream ignored", "start from what the tax layer sends back", ignored[name])
            )
        else:
            mistakes.append(
                Mistake("the bill itself", "asked is the sensitivity of the bill", before_tax * tax)
            )
        yield compare(f"gradient of {name}", gradients[name], right, mistakes)


_SHARED = (
    "a layer remembers only its last forward pass; used in several places, it gives every place the answer of "
    "the last one. Make a layer for each multiplication"
)


@question("two_fruits: with other prices")
def two_fruits_anywhere(student_two_fruits, seed=0):
    rng = np.random.default_rng(seed)
    prices = (*rng.uniform(50, 200, 4).round(1).tolist(), round(float(rng.uniform(1.05, 1.3)), 2))
    yield from two_fruits.judge(student_two_fruits, prices)


# ------------------------------------------------------------------------------- task 5: do they agree?


@question("agree: numbers that are equal up to rounding")
def agree_on_rounding(agree):
    yield _says(agree, "0.1 + 0.2 and 0.3", 0.1 + 0.2, 0.3, True, _EXACT)
    yield _says(agree, "715 and 650 × 1.1", np.array([715.0, 1.0]), np.array([650 * 1.1, 1.0]), True, _EXACT)
    yield _says(agree, "zeros", np.zeros(3), np.zeros(3), True, _ZERO)


@question("agree: numbers that differ")
def agree_on_differences(agree, seed=0):
    a = np.random.default_rng(seed).uniform(1, 2, (2, 3))
    one_off = a.copy()
    one_off[1, 2] += 0.1
    yield _says(agree, "one entry too large by 0.1", one_off, a, False, _ANY)
    yield _says(agree, "one entry too small by 0.1", 2 * a - one_off, a, False, _SIGNED)
    yield _says(agree, "one of six off, the others equal", one_off - a, np.zeros((2, 3)), False, _ANY)


@question("agree: small and large gradients")
def agree_on_any_scale(agree, seed=0):
    a = np.random.default_rng(seed).uniform(1, 2, 4)
    yield _says(agree, "about 1e-9 and twice that", 1e-9 * a, 2e-9 * a, False, _ABSOLUTE)
    yield _says(agree, "about 1e9, apart by 1e-8 of that", 1e9 * a, 1e9 * a * (1 + 1e-8), True, _ABSOLUTE)


@question("agree: shapes and values that cannot be compared")
def agree_on_shapes(agree):
    yield _says(agree, "shapes (3,) and (3, 1), all ones", np.ones(3), np.ones((3, 1)), False, _SHAPE)
    yield _says(agree, "NaN and 1", np.array([np.nan, 1.0]), np.array([1.0, 1.0]), False, _NAN)


_EXACT = "compared with ==", "computed numbers carry rounding: allow a difference that is small beside them"
_ZERO = (
    "divided by zero",
    "where both are 0 a quotient has no meaning: compare |a − b| with rtol · scale, by ≤",
)
_ANY = "not every entry", "every entry has to agree: look at the largest difference"
_SIGNED = (
    "sign of the difference",
    "a − b can be negative, and then it is smaller than any tolerance: take its size",
)
_ABSOLUTE = (
    "absolute tolerance",
    "a fixed tolerance is too wide for small gradients and too narrow for large ones",
)
_SHAPE = "shapes ignored", "numpy stretches (3,) against (3, 1) without a word: compare the shapes first"
_NAN = "NaN accepted", "NaN agrees with nothing: ask whether the difference is small, not whether it is large"


def _says(agree, what, a, b, wanted, mistake):
    answer = agree(a, b)
    if answer is None:
        return Finding(what, False, "agree returned None: is there a return?")
    if np.ndim(answer):
        return Finding(what, False, f"agree returned an array {np.shape(answer)}; wanted is True or False")
    if bool(answer) == wanted:
        return Finding(what, True, f"{bool(answer)}, as it should be")
    return Finding(what, False, f"agree says {bool(answer)}", *mistake)
