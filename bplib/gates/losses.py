"""Softmax, and the numbers that training makes small.

Rows are samples: z (N, C) holds N rows of C scores; a single sample may come without that axis, z (C,).
A target t is given, not learned: it has no gradient. Losses are means over the rows, the 1/N is in them.
"""

import math

import numpy as np

from ..errors import InputError, expect_shapes
from ..values import like
from .base import Gate, Loss, plain_number, whole_number
from .entrywise import clip, exp, log
from .neurons import sigmoid
from .reductions import Sum, squared_norm


class Softmax(Gate):
    """out = eᶻ / Σ eᶻ, row by row, and dz = out · (upstream − Σ upstream · out).

    z (…, C) -> out (…, C), each row positive with sum 1; or along another axis. The largest score of each
    row is subtracted first: out stays the same, and no exponential overflows. A score of −∞ gets 0.
    Raises ShapeError when there are no scores, or only a plain number, InputError when axis is no number.
    Source: CS231n, notes on linear classification.
    """

    inputs, symbol = ("z",), "softmax"

    def __init__(self, axis=-1):
        self.axis = whole_number(axis, f"{self.name}: axis", least=-32)

    def forward(self, z):
        _expect_scores(self, z)
        e = np.exp(z - z.max(axis=self.axis, keepdims=True))
        return e / e.sum(axis=self.axis, keepdims=True)

    def backward(self, upstream, out, z):
        return (like(out * (upstream - (upstream * out).sum(axis=self.axis, keepdims=True)), z),)

    def jvp(self, tangents, out, z):
        return self.backward(*tangents, out, z)[0]  # this Jacobian is its own transpose

    def opened(self, z):
        e = exp(z)
        return e / Sum(axis=self.axis, keepdims=True)(e)


class LogSoftmax(Softmax):
    """out = z − log Σ eᶻ, row by row, and dz = upstream − eᵒᵘᵗ · Σ upstream.

    z (…, C) -> out (…, C), or along another axis. Still exact where softmax rounds to 0 and its logarithm
    would be −∞. Raises ShapeError when there are no scores, or only a plain number.
    Source: I. Goodfellow, Y. Bengio, A. Courville, Deep Learning, 6.2.2.3.
    """

    symbol = "log softmax"

    def forward(self, z):
        _expect_scores(self, z)
        return _log_softmax(z, self.axis)

    def backward(self, upstream, out, z):
        return (like(upstream - np.exp(out) * upstream.sum(axis=self.axis, keepdims=True), z),)

    def jvp(self, tangents, out, z):
        (dz,) = tangents
        return like(dz - (np.exp(out) * dz).sum(axis=self.axis, keepdims=True), z)

    def opened(self, z):
        return z - log(Sum(axis=self.axis, keepdims=True)(exp(z)))


class CrossEntropy(Loss):
    """out = −1/N Σ t log y, and dy = −1/N t / y.

    y (N, C) probabilities, t (N,) class indices or (N, C) one-hot or soft labels -> one number.
    Raises ShapeError when t fits neither way, InputError when it holds no labels, or where y is not positive
    and t is: for scores take SoftmaxWithLoss, which has no such edge.
    Source: M. Nielsen, Neural Networks and Deep Learning, ch. 3.
    """

    inputs, symbol = ("y", "t"), "−Σ t log y"

    def forward(self, y, t):
        label = _labels(self, y, t)
        rule = "must be > 0 where t is, and nowhere below 0; from scores, use SoftmaxWithLoss"
        _expect_everywhere((y > 0) | (label == 0) & (y == 0), self, "y", y, rule)
        return -np.sum(label * np.log(np.where(label > 0, y, 1.0))) / samples(y)

    def gradient(self, out, y, t):
        label = distribution(t, y)
        return label / np.where(label > 0, -y, 1.0) / samples(y)


class SoftmaxWithLoss(Loss):
    """out = −1/N Σ t log softmax(z), and dz = (softmax(z) − t) / N: what was said minus what is true.

    z (N, C) scores, t (N,) class indices or (N, C) one-hot or soft labels -> one number.
    Raises ShapeError when t fits neither way, InputError when it holds no labels.
    Source: K. Saitoh, Deep Learning from Scratch, ch. 5; CS231n, notes on linear classification.
    """

    inputs, symbol = ("z", "t"), "softmax loss"

    def judge(self, z, t):
        label, log_y, N = _labels(self, z, t), _log_softmax(z), samples(z)
        return -_sum_of_products(label, log_y) / N, (np.exp(log_y) - label) / N

    def forward(self, z, t):
        return self.judge(z, t)[0]

    def gradient(self, out, z, t):
        return (np.exp(log_softmax(z)) - distribution(t, z)) / samples(z)

    def opened(self, z, t):
        return cross_entropy(softmax(z), t)


class SigmoidCrossEntropy(Loss):
    """out = −1/N Σ (t log σ(z) + (1 − t) log(1 − σ(z))), and dz = (σ(z) − t) / N.

    z (N, M) scores, t (N, M) probabilities in [0, 1] -> one number: the sum over M yes-or-no questions, the
    mean over N samples. Computed as max(z (1 − t), −z t) + log(1 + e^−|z|), which no score overflows.
    Raises ShapeError when the shapes differ, InputError when a t lies outside [0, 1].
    Source: M. Nielsen, Neural Networks and Deep Learning, ch. 3.
    """

    inputs, symbol = ("z", "t"), "σ cross-entropy"

    def forward(self, z, t):
        _expect_same_shape(self, z=z, t=t)
        _expect_everywhere((t >= 0) & (t <= 1), self, "t", t, "must lie in [0, 1]")
        return np.sum(np.maximum(z * (1.0 - t), -z * t) + np.log1p(np.exp(-abs(z)))) / batch_size(z)

    def gradient(self, out, z, t):
        return (sigmoid(z) - t) / batch_size(z)


class QuadraticCost(Loss):
    """out = 1/N Σ ½ ‖a − y‖², and da = (a − y) / N.

    a (N, M), y (N, M) -> one number. Raises ShapeError when the shapes differ.
    Source: M. Nielsen, Neural Networks and Deep Learning, ch. 1, eq. (6).
    """

    inputs, symbol = ("a", "y"), "½ ‖a − y‖²"

    def forward(self, a, y):
        _expect_same_shape(self, a=a, y=y)
        return 0.5 * np.sum(np.square(a - y)) / batch_size(a)

    def gradient(self, out, a, y):
        return (a - y) / batch_size(a)


class MeanSquaredError(Loss):
    """out = mean of (a − y)² over all entries, and da = 2 (a − y) / n, n the number of entries.

    a, y (any shape, the same) -> one number. Beside QuadraticCost it has no ½, and counts entries, not rows.
    Raises ShapeError when the shapes differ, or there is no entry.
    Source: I. Goodfellow, Y. Bengio, A. Courville, Deep Learning, 5.1.4.
    """

    inputs, symbol = ("a", "y"), "mean (a − y)²"

    def forward(self, a, y):
        _expect_same_shape(self, a=a, y=y)
        return np.mean(np.square(a - y))

    def gradient(self, out, a, y):
        return (a - y) * (2.0 / math.prod(np.shape(a)))


class Huber(Loss):
    """out = mean of h(a − y) over all entries, h(e) = ½ e² up to |e| = δ, then δ (|e| − ½ δ): a line.

    da = (a − y) / n, but no further than ±δ / n: an outlier pulls no harder than one at δ.
    a, y (any shape, the same) -> one number. Raises ShapeError when the shapes differ, or there is no
    entry, InputError when δ is not a positive number.
    Source: P. Huber, Robust estimation of a location parameter, 1964.
    """

    inputs, symbol = ("a", "y"), "huber"

    def __init__(self, delta=1.0):
        self.delta = plain_number(delta, "Huber: delta")
        if not self.delta > 0.0:
            raise InputError(f"Huber: delta must be positive, got {delta}")

    def forward(self, a, y):
        _expect_same_shape(self, a=a, y=y)
        near = self._clipped(a - y)
        return np.mean(near * (a - y - 0.5 * near))

    def gradient(self, out, a, y):
        return self._clipped(a - y) / math.prod(np.shape(a))

    def _clipped(self, error):
        return clip(error, -self.delta, self.delta)


class Hinge(Loss):
    """out = 1/N Σ max(0, sⱼ − sₜ + margin) over all wrong classes j ≠ t: the multi-class SVM.

    Each wrong class that comes within the margin gets 1/N, and the right one minus their sum.
    s (N, C) scores, t (N,) class indices -> one number. At the kink, exactly on the margin, the derivative
    is taken as 0. Raises ShapeError when t is not (N,), InputError when it holds no class indices.
    Source: CS231n, notes on linear classification.
    """

    inputs, symbol = ("s", "t"), "hinge"

    def __init__(self, margin=1.0):
        self.margin = plain_number(margin, "Hinge: margin")

    def forward(self, s, t):
        _labels_of_indices(self, s, t)
        return np.sum(np.maximum(self._excess(s, t), 0.0)) / samples(s)

    def gradient(self, out, s, t):
        too_close = np.where(self._excess(s, t) > 0, 1.0, 0.0)
        return (too_close - distribution(t, s) * too_close.sum(axis=-1, keepdims=True)) / samples(s)

    def _excess(self, s, t):
        """sⱼ − sₜ + margin, and 0 for the right class."""
        right = distribution(t, s)
        score_of_right = np.where(right, s, 0.0).sum(axis=-1, keepdims=True)
        return np.where(right, 0.0, s - score_of_right + self.margin)


class L2(Gate):
    """out = strength Σ W², and dW = 2 strength · W: the penalty that keeps weights small.

    W (any shape) -> one number. Many texts put a ½ before the sum: their λ is twice this strength.
    Raises InputError when strength is not a plain number.
    Source: CS231n, linear classification.
    """

    inputs, symbol = ("W",), "λ ‖W‖²"

    def __init__(self, strength):
        self.strength = plain_number(strength, "L2: strength")

    def forward(self, W):
        return self.strength * np.sum(np.square(W))

    def backward(self, upstream, out, W):
        return (like(upstream * 2.0 * self.strength * W, W),)

    def jvp(self, tangents, out, W):
        (dW,) = tangents
        return like(2.0 * self.strength * np.sum(W * dW), out)

    def opened(self, W):
        return self.strength * squared_norm(W)


# --------------------------------------------------------------------------------- samples and labels


def samples(z):
    """N, the number of rows of scores that a loss is the mean of, also of a stack of them, z (…, C)."""
    return math.prod(np.shape(z)[:-1])


def batch_size(x):
    """N, the number of samples, each of any shape; a single one has no axis of rows."""
    return len(x) if np.ndim(x) > 1 else 1


def distribution(t, z):
    """The labels t as a distribution over the classes, one row a sample: class index 1 of 3 is (0, 1, 0).

    t (N,) or (N, C), z (N, C) -> (N, C)
    """
    t = _of_one(t, z)
    if np.ndim(t) == np.ndim(z):
        return np.asarray(t, dtype=z.dtype)
    return _is_class(t, z).astype(z.dtype)


def _of_one(t, z):
    """The label of an only sample may stand in brackets: t (1, 1) beside z (1, C) is t (1,)."""
    if samples(z) != 1 or np.shape(t) == np.shape(z):
        return t
    rows = np.shape(z)[:-1]
    return np.reshape(t, rows) if np.shape(t) == (*rows, 1) else t


def _is_class(t, z):
    """Whether sample n is of class c, (N, C), from the class indices t (N,)."""
    by_class = np.equal.outer(np.arange(z.shape[-1]), t)
    return by_class.transpose(*range(1, by_class.ndim), 0)


def _sum_of_products(label, log_y):
    """Σ label · log_y; a class that is not true counts for nothing, even at log 0 = −∞."""
    return np.vdot(label, np.where(label > 0.0, log_y, 0.0))


def _log_softmax(z, axis=-1):
    z = np.asfortranarray(z)  # class by class in memory: numpy then reduces all rows at once
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _expect_scores(gate, z):
    fits = -np.ndim(z) <= gate.axis < np.ndim(z) and np.shape(z)[gate.axis] > 0
    along = "" if gate.axis == -1 else f" along axis {gate.axis}"
    expect_shapes(fits, f"{gate.name}.forward", f"needs rows of at least one score{along}", z=z)


def _labels(gate, z, t):
    """distribution(t, z), once t has been found to be one."""
    if np.ndim(t) != np.ndim(z) or np.shape(t) == (*np.shape(z)[:-1], 1) != np.shape(z):
        return _labels_of_indices(gate, z, t)
    _expect_same_shape(gate, **{gate.inputs[0]: z, "t": t})
    fits = (np.min(t, axis=-1) >= 0) & (abs(np.sum(t, axis=-1) - 1.0) < 1e-5)
    _expect_everywhere(fits, gate, "t", t, "must be a distribution: no entry below 0, and a sum of 1")
    return distribution(t, z)


def _labels_of_indices(gate, z, t):
    t, shape = _of_one(t, z), np.shape(z)
    fits = shape != () and 0 not in shape and np.shape(t) == shape[:-1]
    first = gate.inputs[0]
    rule = f"needs rows of scores {first} (N, C) and a class index for each, t (N,)"
    rule += ": a column of labels becomes a row by t.ravel()" if np.shape(t) == (*shape[:-1], 1) else ""
    expect_shapes(fits, f"{gate.name}.forward", rule, **{first: z, "t": t})
    label = _is_class(t, z)
    if np.count_nonzero(label) < np.size(t):
        rule = f"must be a class index, a whole number from 0 to {shape[-1] - 1}"
        _expect_everywhere(label.any(axis=-1), gate, "t", t, rule)
    return label.astype(z.dtype)


def _expect_same_shape(gate, **values):
    one, other = map(np.shape, values.values())
    rule = f"{' and '.join(values)} need the same shape, (N, …) with N > 0"
    expect_shapes(one == other and 0 not in one, f"{gate.name}.forward", rule, **values)


def _expect_everywhere(fits, gate, name, x, rule):
    if not np.all(fits):
        where = tuple(int(i) for i in np.argwhere(~np.asarray(fits))[0])
        label, found = f"{name}{list(where)}" if where else name, np.asarray(x)[where]
        raise InputError(f"{gate.name}: {label} {rule}; got {found if np.ndim(found) else f'{found:g}'}")


softmax, log_softmax, cross_entropy = Softmax(), LogSoftmax(), CrossEntropy()
softmax_with_loss, sigmoid_cross_entropy = SoftmaxWithLoss(), SigmoidCrossEntropy()
quadratic_cost, mean_squared_error = QuadraticCost(), MeanSquaredError()
huber, hinge = Huber(), Hinge()


def l2(W, strength):
    """The penalty strength Σ W²."""
    return L2(strength)(W)
