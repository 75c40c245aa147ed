"""Assignment 4: how the answers are judged, by nudging and by following single numbers."""

from dataclasses import replace
from itertools import permutations, product

import numpy as np

from ...check.compare import Mistake
from ...check.gate import check_gate
from ...check.report import Finding
from ...graph.numerical import numerical_gradient
from ..exercise import Unusable
from .common import compared, in_numpy, in_pairs, leaves_alone, returned, whole


def _normal(seed, *shapes):
    rng = np.random.default_rng((seed, *(size for shape in shapes for size in shape)))
    return [rng.normal(size=shape) for shape in shapes]


def _on_copies(who, function, *given):
    return returned(function(*[each.copy() for each in given]), who)


def _and_leaves_alone(findings, function, *given):
    """The findings, and when all is right one more: are the arguments what they were?"""
    findings = list(findings)
    yield from findings
    if all(finding.ok for finding in findings):
        yield leaves_alone(function, *given)


def _in_words(findings, case):
    for finding in findings:
        yield replace(finding, what=f"{finding.what}, {case}")


# ------------------------------------------------------------------------ task 1: one element at a time


def _exact_slice_of_x(slice_of_x):
    X, W = whole((3, 2), (2, 4))
    yield slice_of_x(X, W, 1, 0), _one_at(X, 1, 0) @ W


def _exact_slice_of_w(slice_of_w):
    X, W = whole((3, 2), (2, 4))
    yield slice_of_w(X, W, 1, 0), X @ _one_at(W, 1, 0)


@in_numpy("slice_of_x: how Y moves with one entry of X", parts=3, exact=_exact_slice_of_x)
def slice_of_x(slice_of_x, sizes=(4, 3, 3), seed=0):
    N, D, M = sizes
    X, W = _normal(seed, (N, D), (D, M))
    findings = (_slice_of_x(slice_of_x, X, W, i, k) for i, k in ((0, 1), (1, 0), (N - 1, D - 1)))
    yield from _and_leaves_alone(findings, lambda X, W: slice_of_x(X, W, 0, 1), X, W)


def _slice_of_x(slice_of_x, X, W, i, k):
    yours = _on_copies("slice_of_x", lambda X, W: slice_of_x(X, W, i, k), X, W)
    return compared(
        f"dY/dX[{i}, {k}]",
        yours,
        _one_at(X, i, k) @ W,
        _slips_of_a_slice(X, W, i, k),
        values=_other_slices(X, W, i, k),
    )


@in_numpy("slice_of_w: how Y moves with one entry of W", parts=3, exact=_exact_slice_of_w)
def slice_of_w(slice_of_w, sizes=(3, 3, 4), seed=0):
    N, D, M = sizes
    X, W = _normal(seed, (N, D), (D, M))
    findings = (_slice_of_w(slice_of_w, X, W, k, j) for k, j in ((0, 1), (1, 0), (D - 1, M - 1)))
    yield from _and_leaves_alone(findings, lambda X, W: slice_of_w(X, W, 0, 1), X, W)


def _slice_of_w(slice_of_w, X, W, k, j):
    yours = _on_copies("slice_of_w", lambda X, W: slice_of_w(X, W, k, j), X, W)
    mistakes = [_turned(slip) for slip in _slips_of_a_slice(W.T, X.T, j, k)]
    others = {what: each.T for what, each in _other_slices(W.T, X.T, j, k).items()}
    return compared(f"dY/dW[{k}, {j}]", yours, X @ _one_at(W, k, j), mistakes, values=others)


def _other_slices(X, W, i, k):
    """Lines of Y filled with other numbers, and the right ones one place further."""
    line, right = np.eye(len(X))[i], np.outer(np.eye(len(X))[i], W[k])
    filled = {
        "the number itself": X[i, k],
        "ones": 1.0,
        "the number of the other matrix": W[k, i % len(W[k])],
    }
    slices = {
        f"a line of Y filled with {what}": np.outer(line, each + 0 * W[k]) for what, each in filled.items()
    }
    for name, lines in (("a line", i - 1), ("a line of the other matrix", i)):
        for row in (k, k - 1):
            slices[f"{name} further, places counted from 1, {row - k}"] = np.outer(
                np.eye(len(X))[lines], W[row]
            )
    if len(X[i]) == W.shape[1]:
        slices["a line of Y filled with neighbours of the number"] = np.outer(line, X[i])
    return slices | {"where this number meets itself": X[i, k] * right}


def _one_at(x, *place):
    one = np.zeros_like(x)
    one[place] = 1
    return one


def _slips_of_a_slice(X, W, i, k):
    """The mistakes on the way to ∂Y/∂X[i, k]; those for W are the same, seen in the transposed product."""
    lines = np.eye(len(X))
    right = np.outer(lines[i], W[k])
    yield Mistake("all zero", "something in Y moves: was it ever filled in?", 0 * right)
    yield Mistake("too many entries", _STANDS_STILL, np.outer(lines.sum(axis=0), W[k]))
    for other in range(len(X)):
        yield Mistake("wrong line of Y", _FOLLOW, np.outer(lines[other], W[k]))
    for other in W:
        yield Mistake("wrong neighbours", _NEIGHBOURS, np.outer(lines[i], other))
    if W.shape[0] == W.shape[1]:
        yield Mistake("wrong neighbours", _NEIGHBOURS, np.outer(lines[i], W[:, k]))
    yield Mistake("value for slope", _PER_UNIT, X[i, k] * right)
    yield Mistake("one line alone", "zeros belong to the slice: it has the shape of Y", W[k])
    yield Mistake("transposed", "the slice has the shape of Y, with a row for each sample", right.T)


_STANDS_STILL = "where this number does not stand in the sum, nothing moves"
_FOLLOW = "follow the number: in which row or column of Y is it used?"
_NEIGHBOURS = "write out one entry of Y as a sum: which number is this one multiplied by?"
_PER_UNIT = "this is what the number adds to Y; asked is how far Y moves for each unit of it"


def _turned(mistake):
    return mistake._replace(gives=np.transpose(mistake.gives))


# --------------------------------------------------------------------------- task 2: the matrix product


def _exact_product(product_backward):
    X, W, dY = whole((3, 2), (2, 4), (3, 4))
    yield from in_pairs(product_backward(dY, X, W), (dY @ W.T, X.T @ dY))


@in_numpy("product_backward", parts=2, exact=_exact_product)
def product_backward(product_backward, sizes, seed=0):
    N, D, M = sizes
    X, W, dY = _normal(seed, (N, D), (D, M), (N, M))
    _pair(_on_copies("product_backward", product_backward, dY, X, W), "product_backward", "dX and dW")
    rule = YourProduct(product_backward)
    findings = check_gate(rule, X, W, seeds=(seed, seed + 1)).findings
    yield from _in_words((_named(finding, rule) for finding in findings), f"X ({N}, {D}), W ({D}, {M})")


class YourProduct:
    """Y = X W, with somebody's backward rule; ``last`` is what that was given last, and its answer."""

    def __init__(self, rule):
        self.rule, self.last = rule, None

    def forward(self, X, W):
        return X @ W

    def backward(self, upstream, out, X, W):
        given = upstream.copy(), X.copy(), W.copy()
        answer = self.rule(upstream, X, W)
        self.last = dict(zip(("dX", "dW"), answer, strict=True)), given
        return answer


def _named(finding, rule):
    """The finding; where no mistake was recognised, after a look at two more."""
    if finding.ok or finding.mistake or not rule.last or finding.what not in rule.last[0]:
        return finding
    answer, (dY, X, W) = rule.last
    other = W if finding.what == "dX" else X
    entry_by_entry = dY * other if dY.shape == other.shape else None
    for words, gives in ((_NO_UPSTREAM, other.T), (_ENTRY_BY_ENTRY, entry_by_entry)):
        if np.array_equal(answer[finding.what], gives):
            return replace(finding, mistake=words[0], advice=words[1])
    return finding


_ENTRY_BY_ENTRY = "entry by entry", "Y is a matrix product, and so is the way back: * is not @"


def _pair(answer, who, names):
    try:
        first, second = returned(answer, who)
    except (TypeError, ValueError):
        raise Unusable(f"{who} has to return two arrays, {names}") from None
    return first, second


# ------------------------------------------------------------------------------ task 3: Y = A B A


def _exact_sandwich(sandwich_backward):
    dY, A, B = whole(*[(3, 3)] * 3)
    exact = dY @ A.T @ B.T + (A @ B).T @ dY, A.T @ dY @ A.T
    yield from in_pairs(sandwich_backward(dY, A, B), exact)


@in_numpy("sandwich_backward", parts=2, exact=_exact_sandwich)
def sandwich_backward(sandwich_backward, n=3, seed=0):
    dY, A, B = _normal(seed, *[(n, n)] * 3)
    answer = _on_copies("sandwich_backward", sandwich_backward, dY, A, B)
    yours = _pair(answer, "sandwich_backward", "dA and dB")
    wanted = numerical_gradient(lambda A, B: np.sum(dY * (A @ B @ A)), (A, B))
    slips = list(_slips_of_a_sandwich(dY, A, B))
    mistakes = [[Mistake(*words, gives[k]) for words, gives in slips if gives[k] is not None] for k in (0, 1)]
    around, names = _around_the_sandwich(dY, A, B), (f"dA, {n} × {n}", f"dB, {n} × {n}")
    found = zip(names, yours, wanted, mistakes, around, strict=True)
    findings = [compared(*four, **known) for *four, known in found]
    yield from _and_leaves_alone(findings, sandwich_backward, dY, A, B)


def _around_the_sandwich(dY, A, B):
    """For dA and for dB the terms, and what comes of another signal or of * for @."""
    P, dP = A @ B, dY @ A.T
    left, right, dB = dP @ B.T, P.T @ dY, A.T @ dP
    of_A = {
        "dY for the signal at P": dY @ B.T + right,
        "A for P": left + A.T @ dY,
        "B for P": left + B.T @ dY,
    }
    of_A |= {
        "dP for the signal at Y": left + P.T @ dP,
        "dY itself beside it": dY + left,
        "* for @": dP * B.T + P.T * dY,
    }
    of_A |= {
        "P = B A": left + (B @ A).T @ dY,
        "* for @ once": dP * B.T + right,
        "* for @ at the other place": left + P.T * dY,
    }
    of_B = {
        "dY for the signal at P": A.T @ dY,
        "P for A": P.T @ dP,
        "* for @": A.T * dP,
        "dP itself": dP,
        "B for A": B.T @ dP,
    }
    parts = {"what comes back to A on the left": left, "what comes back to A on the right": right}
    return (
        {"terms": parts, "values": {f"dA with {what}": each for what, each in of_A.items()} | {"dB": dB}},
        {"values": {f"dB with {what}": each for what, each in of_B.items()} | {"dA": left + right}},
    )


def _slips_of_a_sandwich(dY, A, B):
    """For each mistake its words, and what it makes of dA and of dB."""
    left, right, dB = dY @ A.T @ B.T, (A @ B).T @ dY, A.T @ dY @ A.T
    for one in (left, right):
        yield _ONE_USE, (one, None)
    yield _NO_MEAN, ((left + right) / 2, None)
    for first, second in ((dY @ B.T @ A.T, right), (left, A.T @ B.T @ dY), (dY @ B.T @ A.T, A.T @ B.T @ dY)):
        yield _ORDER_IN_A_TRANSPOSE, (first + second, None)
    for a, b, p in product((A.T, A), (B.T, B), ((A @ B).T, A @ B)):
        for a_outside in (A.T, A):
            yield _NOT_TURNED, (dY @ a @ b + p @ dY, a_outside @ dY @ a)
    for dP, behind in product((dY @ A.T, A.T @ dY), (False, True)):
        for second in (right, dY @ (A @ B).T):
            first = B.T @ dP if behind else dP @ B.T
            yield _EXCHANGED, (first + second, dP @ A.T if behind else A.T @ dP)
    ones = np.ones_like(dY)
    for signal, words in ((dY.T, _TURNED_UPSTREAM), (ones, _NO_UPSTREAM)):
        yield words, (signal @ A.T @ B.T + (A @ B).T @ signal, A.T @ signal @ A.T)
    yield _NO_UPSTREAM, (A.T @ B.T + (A @ B).T, A.T @ A.T)
    yield _ZERO, (np.zeros_like(dY), np.zeros_like(dY))
    yield _SWAPPED, (dB, left + right)


_ONE_USE = "one use only", "A stands in two places, and each of them sends something back"
_NO_MEAN = "averaged", "where uses meet, what they send back is added, and no mean is taken"
_ORDER_IN_A_TRANSPOSE = "order inside a transpose", "turning a product over turns its order as well"
_NOT_TURNED = "not transposed", "each side gets the upstream times the other operand, and that one is turned"
_EXCHANGED = "factors exchanged", "what stands on the left in forward stays on its side on the way back"
_TURNED_UPSTREAM = "upstream transposed", "it is the other operand that is turned, and not the upstream"
_NO_UPSTREAM = "upstream ignored", "dY has to be in every gradient"
_ZERO = "all zero", "every entry is 0: was it ever filled in?"
_SWAPPED = "in the other order", "first dA, then dB"


# -------------------------------------------------------------------------------- task 4: the class Affine


def _exact_affine(Affine):
    x, W, b, dout = whole((3, 2), (2, 4), (4,), (3, 4))
    layer = Affine(W, b)
    layer.forward(x)
    dx = layer.backward(dout)
    yield from in_pairs((dx, layer.dW, layer.db), (dout @ W.T, x.T @ dout, dout.sum(axis=0)))


@in_numpy("Affine: a batch", parts=4, exact=_exact_affine)
def affine_batch(Affine, sizes, seed=0):
    N, D, M = sizes
    yield from _layer(Affine, (N, D), M, seed)


@in_numpy("Affine: a batch of images", parts=4, exact=_exact_affine)
def affine_images(Affine, seed=0):
    yield from _layer(Affine, (3, 2, 4, 3), 5, seed)


def _layer(Affine, shape, M, seed):
    x, W, b, dout = _normal(seed, shape, (int(np.prod(shape[1:])), M), (M,), (shape[0], M))
    case, layer = f"x {shape}", Affine(W.copy(), b.copy())
    yield _forward(layer, x, W, b, case)
    if isinstance(returned(layer.backward(dout), "backward"), tuple):
        raise Unusable("backward has to return dx alone; got tuple")
    yield from _in_words(check_gate(YourLayer(Affine), x, W, b, seeds=(seed, seed + 1)).findings, case)


def _forward(layer, x, W, b, case):
    out = returned(layer.forward(x.copy()), "forward")
    wanted = _flat(x) @ W + b
    mistakes = [Mistake(*_NO_BIAS, wanted - b), _another_shape(wanted)]
    if x.ndim > 2:
        for axes in permutations(range(1, x.ndim)):
            mistakes.append(Mistake(*_PIXELS, _flat(x.transpose(0, *axes)) @ W + b))
    parts = {"x W": wanted - b, "b": np.broadcast_to(b, wanted.shape)}
    return compared(f"forward, {case}", out, wanted, mistakes, terms=parts)


_NO_BIAS = "bias left out", "every output has a bias, which is added"
_PIXELS = "pixels in another order", "an image is laid out channel by channel and row by row, as it is stored"


def _flat(x):
    return x.reshape(len(x), -1) if x.ndim > 2 else x


def _another_shape(wanted):
    """The right numbers with an axis too many."""
    return Mistake(*_AXES, lambda yours: wanted.reshape(yours.shape) if yours.size == wanted.size else wanted)


_AXES = (
    "another shape",
    "the numbers are right; one sample goes in without an axis for samples, and so does all else",
)


class YourLayer:
    """Y = x W + b, with the backward pass of somebody's layer."""

    def __init__(self, Affine):
        self.Affine = Affine

    def forward(self, x, W, b):
        return _flat(x) @ W + b

    def backward(self, upstream, out, x, W, b):
        layer = self.Affine(W, b)
        layer.forward(x)
        return layer.backward(upstream), layer.dW, layer.db


@in_numpy("Affine: one sample", parts=4, exact=_exact_affine)
def affine_sample(Affine, seed=0):
    x, W, b, dout = _normal(seed, (4,), (4, 3), (3,), (3,))
    layer = Affine(W.copy(), b.copy())
    yield _forward(layer, x, W, b, "x (4,)")
    try:
        dx = returned(layer.backward(dout.copy()), "backward")
    except ValueError as error:
        yield Finding("backward, x (4,)", False, f"raised ValueError: {error}", *_ONE_ROW)
        return
    wanted = numerical_gradient(lambda x, W, b: np.sum(dout * (x @ W + b)), (x, W, b))
    slips = (
        [_another_shape(wanted[0])],
        [Mistake(*_LYING, wanted[1].T), _not_a_matrix(wanted[1])],
        [_another_shape(wanted[2]), Mistake(*_OVER_OUTPUTS, lambda yours: np.full(yours.shape, dout.sum()))],
    )
    got = zip(("dx", "dW", "db"), (dx, layer.dW, layer.db), wanted, slips, strict=True)
    for name, yours, right, mistakes in got:
        yield compared(f"{name}, x (4,)", yours, right, mistakes)


def _not_a_matrix(wanted):
    return Mistake(*_EVERY_PAIR, lambda yours: wanted if yours.shape == wanted.shape else yours)


_ONE_ROW = (
    "one sample",
    "write down the shapes; a 1-D array has no rows and columns to exchange: its .T is the array itself",
)
_LYING = "transposed", "a gradient has the shape of its variable: W has a row for each input"
_EVERY_PAIR = "no slope for every pair", "each input meets each output in a weight of its own"
_OVER_OUTPUTS = "summed over the outputs", "with one sample nothing is repeated: each bias has one output"


@in_numpy("Affine: used again and again", parts=6, exact=_exact_affine)
def affine_again(Affine, seed=0):
    """Two layers, each forward twice, and one of them backward twice: the last calls count."""
    W, W_other, b = _normal(seed, (2, 4), (2, 4), (4,))
    earlier, x, x_other, u_earlier, u = _normal(seed, *[(3, 2)] * 3, *[(3, 4)] * 2)
    layer, other = Affine(W.copy(), b.copy()), Affine(W_other.copy(), b.copy())
    for each, given in ((layer, earlier), (layer, x), (other, x_other)):
        each.forward(given.copy())
    before = _gradients(u_earlier, x, W)
    for call, signal in (("first", u_earlier), ("second", u)):
        dx, wanted = returned(layer.backward(signal.copy()), "backward"), _gradients(signal, x, W)
        slips = [
            (_OLD_INPUT, _gradients(signal, earlier, W)),
            (_SHARED, _gradients(signal, x_other, W_other)),
            (_SHARED, _gradients(signal, x_other, W)),
        ]
        if call == "second":
            added = [a + b for a, b in zip(wanted, before, strict=True)]
            slips = [(_ACCUMULATED, added), (_OLD_SIGNAL, before), *slips]
        for k, (name, yours) in enumerate((("dx", dx), ("dW", layer.dW), ("db", layer.db))):
            mistakes = [Mistake(*words, gives[k]) for words, gives in slips]
            yield compared(f"{name}, {call} call", yours, wanted[k], mistakes)


def _gradients(dout, x, W):
    """dx, dW and db, from what every single sample sends back."""
    samples = list(zip(x, dout, strict=True))
    dx = np.array([W @ signal for _, signal in samples])
    return dx, sum(np.outer(*sample) for sample in samples), sum(signal for _, signal in samples)


_ACCUMULATED = (
    "added to an earlier call",
    "each backward begins anew: = and not += for what belongs to this call",
)
_OLD_SIGNAL = "upstream remembered", "backward is handed its upstream anew in each call"
_OLD_INPUT = "value remembered", "what counts is the last forward before this backward"
_SHARED = (
    "state shared",
    "a second layer has overwritten what this one kept: where does a layer keep its own?",
)


# ------------------------------------------------------------------------------- task 5: unbroadcast


def _exact_unbroadcast(unbroadcast):
    (gradient,) = whole((2, 3, 4))
    yield unbroadcast(gradient, (3, 1)), gradient.sum(axis=(0, 2))[:, None]


@in_numpy("unbroadcast", exact=_exact_unbroadcast)
def unbroadcast(unbroadcast, large, shape, seed=0):
    (gradient,) = _normal(seed, large)
    yours = _on_copies("unbroadcast", lambda gradient: unbroadcast(gradient, shape), gradient)
    yield compared(
        f"{large} to {shape}", yours, _collected(gradient, shape), _slips_of_a_sum(gradient, shape)
    )


@in_numpy("unbroadcast: other shapes", parts=8, exact=_exact_unbroadcast)
def unbroadcast_anything(answer, seed=0):
    findings = (f for large, shape in OTHER_SHAPES for f in unbroadcast.judge(answer, large, shape, seed))
    yield from _and_leaves_alone(findings, lambda gradient: answer(gradient, (4,)), *_normal(seed, (3, 4)))


OTHER_SHAPES = (
    ((3, 4), (3, 4)),
    ((3, 4), ()),
    ((3, 3), (3,)),
    ((3, 3), (3, 1)),
    ((2, 3, 4), (1, 3, 1)),
    ((3, 1, 2), (1, 2)),
    ((2, 2, 3, 3), (2, 3, 1)),
    ((5, 1, 2, 4, 3), (2, 1, 3)),
)


def _places(large, shape):
    """For each entry of the large array the number of the entry of x that was copied there."""
    return np.broadcast_to(np.arange(np.prod(shape, dtype=int)).reshape(shape), large).ravel()


def _collected(gradient, shape):
    """Every entry of x with the sum of what comes back from its copies."""
    size = np.prod(shape, dtype=int)
    return np.bincount(_places(gradient.shape, shape), gradient.ravel(), minlength=size).reshape(shape)


def _slips_of_a_sum(gradient, shape):
    right, large = _collected(gradient, shape), gradient.shape
    new = len(large) - len(shape)
    yield Mistake(*_NOT_SUMMED, gradient)
    yield Mistake(*_MEAN, right * right.size / gradient.size)
    yield Mistake(
        *_LOST_AXES, lambda yours: right.reshape(yours.shape) if yours.size == right.size else right
    )
    yield Mistake(*_NEW_LEFT, lambda yours: yours if yours.ndim > len(shape) else right)
    if new:
        yield Mistake(*_STRETCHED_LEFT, gradient.sum(axis=tuple(range(new))))
    yield Mistake(*_NOTHING, np.zeros(shape))
    yield Mistake(*_ALL, lambda yours: np.full(yours.shape, gradient.sum()))
    places, entries = _places(large, shape), gradient.ravel()
    for order in (slice(None), slice(None, None, -1)):
        one = np.empty(right.size)
        one[places[order]] = entries[order]  # of several, the last one stays
        yield Mistake(*_ONE_COPY, one.reshape(shape))
    if new:
        yield Mistake(*_LEFT, gradient.sum(axis=tuple(range(len(shape), len(large)))))


_NOT_SUMMED = "not summed", "this is the large array still: each entry of x was copied, and copies add up"
_MEAN = "averaged", "what comes back from the copies is added; no mean is taken"
_LOST_AXES = (
    "axes of length 1",
    "the sums are right; an axis of length 1 that x has belongs to the answer, and no other",
)
_NEW_LEFT = "new axes left", "the answer has more axes than x: which of them has numpy added?"
_STRETCHED_LEFT = "stretched axes left", "an axis of length 1 was stretched on the way forward as well"
_NOTHING = "all zero", "every entry is 0: was it ever filled in?"
_ALL = "all in one", "every entry of x has copies, and so a sum, of its own"
_ONE_COPY = "one copy only", "every copy sends something back, and this is one of them"
_LEFT = "aligned at the left", "numpy aligns shapes at the right, and adds the missing axes at the left"
