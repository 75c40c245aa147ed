"""Assignment 5: how the answers are judged, by the library's logarithms and by nudging the scores."""

from copy import deepcopy
from dataclasses import replace
from functools import partial

import numpy as np

from .. import gates
from ..compare import Mistake, compare
from ..derivatives import numerical_gradient
from ..gates import softmax as probabilities
from ..gates import softmax_with_loss as true_loss
from .common import in_numpy, leaves_alone, left_alone, returned

SQUARE = 4, 4  # rows, classes: a slip of axes gives numbers here
UNEQUAL = 5, 3  # and an error here
RTOL = 1e-4  # a guard of 1e-7 does no harm to ordinary scores; three questions of their own look for it


def log_probabilities(z):
    """What the questions hand in: it is ours, and uses the library for us."""
    return gates.log_softmax(z)


def _scores(seed, shape):
    return np.random.default_rng((*shape, seed)).uniform(-2, 2, shape)


# --------------------------------------------------------------------- tasks 1 and 2: softmax, log-softmax


@in_numpy("softmax: the rows of a matrix", parts=2)
def softmax(softmax, seed=0):
    for shape in (SQUARE, UNEQUAL):
        z = _scores(seed, shape)
        yours = returned(softmax(z.copy()), "softmax")
        yield compare(f"y {shape}", yours, probabilities(z), _slips_of_softmax(z))


def _slips_of_softmax(z):
    for shift in (0, z.max(), z.max(axis=1, keepdims=True)):
        e = np.exp(z - shift)
        yield Mistake("not divided", "the powers have to add up to 1 in each row", e)
        yield Mistake("sum over axis 0", _AXIS, e / e.sum(axis=0))
        yield Mistake("one sum for all", _ONE_SUM, e / e.sum())
        if len(z) == len(z.T):
            yield Mistake("keepdims", _KEEPDIMS, e / e.sum(axis=1))
    askew = np.exp(z - z.max(axis=0))
    yield Mistake("shift by column", _ASKEW, askew / askew.sum(axis=1, keepdims=True))
    powers = "the scores go through e to the power z first"
    yield Mistake("powers left out", powers, z / z.sum(axis=1, keepdims=True))
    yield Mistake("sigmoid for softmax", "the classes of a row share 1 among them", 1 / (1 + np.exp(-z)))


_AXIS = "a row is a sample, and its classes share 1 among them: which axis counts the classes?"
_ONE_SUM = "each row has a sum of its own"
_KEEPDIMS = "the row sums (N,) are laid along the columns: keep them as a column"
_ASKEW = "within a row all scores are shifted by the same number, or their differences change"


@in_numpy("log_softmax: the rows of a matrix", parts=2)
def log_softmax(log_softmax, seed=0):
    for shape in (SQUARE, UNEQUAL):
        z = _scores(seed, shape)
        yours = returned(log_softmax(z.copy()), "log_softmax")
        yield compare(f"log y {shape}", yours, log_probabilities(z), _slips_of_log_softmax(z), rtol=RTOL)


def _slips_of_log_softmax(z):
    right, own_max = log_probabilities(z), z.max(axis=1, keepdims=True)
    yield Mistake("logarithm left out", "asked are the logarithms of these probabilities", np.exp(right))
    yield Mistake("sign", "right in size; the logarithm of a probability is not positive", -right)
    yield Mistake("shifted on one side only", _ONE_SIDE, right + own_max)
    yield Mistake("sum left out", "the logarithm of the sum is missing", z - own_max)
    yield Mistake("sum over axis 0", _AXIS, z - np.log(np.exp(z).sum(axis=0)))
    yield Mistake("one sum for all", _ONE_SUM, z - np.log(np.exp(z).sum()))
    for shift in (0, own_max):
        if len(z) == len(z.T):
            yield Mistake("keepdims", _KEEPDIMS, z - shift - np.log(np.exp(z - shift).sum(axis=1)))


_ONE_SIDE = "the sum was made from shifted scores, so the score before it has to be shifted as well"


@in_numpy("softmax: scores that are too large or too small", parts=3)
def softmax_of_large_scores(softmax, seed=0):
    yield from _far_out(softmax, "softmax", probabilities, seed, (*_CASES[:2], _ABOVE))


@in_numpy("log_softmax: scores that are too large, or far from each other", parts=4)
def log_softmax_of_large_scores(log_softmax, seed=0):
    yield from _far_out(log_softmax, "log_softmax", log_probabilities, seed, (*_CASES, _ABOVE))


_OVERFLOW = "overflow", "e to a large power is inf, and of only tiny powers 0: no row needs either"
_ONE_SHIFT = "not shifted row by row", "a row far below the others is left with zeros: what does it need?"
_TOO_LITTLE = "shifted too little", "a power still overflows: how large may the largest exponent be?"
_LOG_OF_0 = "log of 0", "a small probability has been rounded to 0 before its logarithm was taken"
_GUARD = "1e-7 in the logarithm", "what is added hides every probability that is smaller"
_CLIPPED = "scores cut off", "cutting large scores off makes them equal: shift them instead"
_CASES = (
    ("large scores", [[1010.0, 1000.0, 990.0], [1003.0, 1001.0, 1000.0]], _OVERFLOW),
    ("rows far apart", [[0.0, 1.0, 2.0], [-1000.0, -1001.0, -1003.0]], _ONE_SHIFT),
    ("classes far apart", [[12.0, 0.0, -12.0], [0.0, 3.0, -800.0]], _LOG_OF_0),
)
_ABOVE = "scores far above another", [[0.0, 2999.0, 3000.0], [1400.0, 1399.0, -2800.0]], _TOO_LITTLE


def _far_out(function, who, right, seed, cases):
    """What is not finite is blamed on the first case in which it happened."""
    blame = None
    for what, rows, usual in cases:
        z = np.array(rows) + np.random.default_rng(seed).uniform(-0.5, 0.5, (2, 3))
        equal = right(np.zeros((2, 3)))
        mistakes = [Mistake(*_CLIPPED, equal), Mistake(*_GUARD, np.log(probabilities(z) + 1e-7))]
        found = compare(what, returned(function(z.copy()), who), right(z), mistakes, rtol=RTOL / 10)
        if found.mistake == "not finite":
            blame = blame or usual
            found = replace(found, mistake=blame[0], advice=blame[1])
        yield found


@in_numpy("z after the call")
def leaves_z_alone(function, seed=0):
    yield leaves_alone(function, _scores(seed, UNEQUAL))


# --------------------------------------------------------------------------------------- task 3: the loss


def _labels(seed, shape, kind):
    """Labels in one of three forms: "indices" (N,), "one-hot" (N, C) or "soft" (N, C)."""
    N, C = shape
    rng = np.random.default_rng((N, C, seed, 5))
    if kind == "soft":
        return rng.dirichlet(np.full(C, 2.0), N)
    indices = rng.permutation(np.arange(N) % 3)  # not each class as often as the others
    return indices if kind == "indices" else np.eye(C)[indices]


def _rows(t, C):
    return np.eye(C)[t] if np.ndim(t) == 1 else t


@in_numpy("softmax_loss: class indices", parts=2)
def loss_of_indices(softmax_loss, seed=0):
    yield from _losses(softmax_loss, seed, ((SQUARE, "indices"), (UNEQUAL, "indices")))


@in_numpy("softmax_loss: rows of targets", parts=2)
def loss_of_rows(softmax_loss, seed=0):
    yield from _losses(softmax_loss, seed, ((UNEQUAL, "one-hot"), (UNEQUAL, "soft")))


def _losses(softmax_loss, seed, cases):
    for shape, kind in cases:
        z, t = _scores(seed, shape), _labels(seed, shape, kind)
        yours = returned(softmax_loss(z.copy(), t.copy(), log_probabilities), "softmax_loss")
        what = f"loss of z {shape}, t {kind}"
        yield compare(what, yours, true_loss(z, t), _slips_of_the_loss(z, t), rtol=RTOL)


def _slips_of_the_loss(z, t):
    (N, C), log_y, rows = z.shape, log_probabilities(z), _rows(t, z.shape[1])
    total = -np.sum(rows * log_y)
    yield Mistake("1/N missing", "the loss is the mean over the rows, not their sum", total)
    for size in (C, N * C):
        yield Mistake("divided by C", "the mean goes over the samples, not over the classes", total / size)
    yield Mistake("one number per row", "asked is the mean of these", -np.sum(rows * log_y, axis=1))
    yield Mistake("sign", "right in size; a loss is never negative", -total / N)
    yield Mistake(
        "logarithm left out",
        "these are probabilities; the loss takes their logarithms",
        -np.sum(rows * np.exp(log_y)) / N,
    )
    for each in (-log_y.sum() / N, -log_y.mean()):
        yield Mistake("target left out", "each logarithm counts as much as its target says", each)
    if t.ndim == 1:
        crossed = -log_y[:, t]
        for each in (crossed.mean(), crossed.sum() / N, crossed.sum()):
            yield Mistake("every row with every label", _CROSSED, each)
        yield Mistake("counted from 1", _FROM_0, -log_y[np.arange(N), t - 1].mean())
    else:
        yield Mistake("target rounded", _ROUNDED, -log_y[np.arange(N), t.argmax(axis=1)].mean())


_CROSSED = "[:, t] takes all rows for each label; row n goes with label n alone"
_FROM_0 = "classes count from 0, so label 1 is the second column"
_ROUNDED = "a soft label counts for several classes, not only for the largest"


@in_numpy("softmax_loss: a sure and wrong guess")
def loss_far_off(softmax_loss, seed=0):
    z, t = _sure_and_wrong(seed)
    yours = returned(softmax_loss(z.copy(), t.copy(), log_probabilities), "softmax_loss")
    guarded = -np.log(probabilities(z)[np.arange(3), t] + 1e-7).mean()
    yield compare("loss", yours, true_loss(z, t), [Mistake(*_GUARD, guarded)])


def _sure_and_wrong(seed):
    """Three rows of four scores; the true class of the first one is far below the others."""
    z = np.array([[12.0, 0.0, -12.0, 1.0], [0.5, 1.5, -1.0, 0.0], [2.0, 0.0, 1.0, -1.0]])
    return z + np.random.default_rng(seed).uniform(-0.5, 0.5, z.shape), np.array([2, 1, 3])


# ----------------------------------------------------------------------------------- task 4: the way back


def _exact_backward(backward):
    y = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]])
    yield backward(3.0, y, np.array([2, 1])), np.array([[0.75, 0.375, -1.125], [0.375, -0.75, 0.375]])


@in_numpy("softmax_loss_backward: class indices", exact=_exact_backward)
def gradient_of_indices(backward, seed=0):
    yield from _gradients(backward, seed, ("indices",))


@in_numpy("softmax_loss_backward: rows of targets", parts=2, exact=_exact_backward)
def gradient_of_rows(backward, seed=0):
    yield from _gradients(backward, seed, ("one-hot", "soft"))


def _gradients(backward, seed, kinds):
    for kind in kinds:
        z, t, upstream = _scores(seed, UNEQUAL), _labels(seed, UNEQUAL, kind), _signal(seed)
        y = probabilities(z)
        yours = returned(backward(upstream, y.copy(), t.copy()), "softmax_loss_backward")
        wanted = upstream * _slopes(z, t)
        slips = _slips_of_the_gradient(upstream, y, t)
        yield compare(f"dz, t {kind}, upstream {upstream:.2f}", yours, wanted, slips, rtol=RTOL)


def _slopes(z, t):
    return numerical_gradient(lambda z: true_loss(z, t), z)


def _signal(seed):
    return float(np.random.default_rng(seed).uniform(1.5, 3.5))


def _slips_of_the_gradient(upstream, y, t):
    (N, C), rows = y.shape, _rows(t, y.shape[1])
    right = upstream * (y - rows) / N
    yield Mistake(
        "1/N missing", "the loss is a mean over the rows, and its gradient keeps the 1/N", N * right
    )
    yield Mistake("1/N twice", "the 1/N of the mean comes in once", right / N)
    for size in (C, N * C):
        yield Mistake(
            "divided by C", "the mean goes over the samples, not over the classes", right * N / size
        )
    yield Mistake("all zero", "every slope is 0: was it ever filled in?", 0 * right)
    yield Mistake("upstream ignored", "right for a signal of 1; another one has arrived", right / upstream)
    yield Mistake("upstream and 1/N missing", "right for one sample and a signal of 1", y - rows)
    yield Mistake("upstream added", "the signal is multiplied, not added", upstream + right / upstream)
    yield Mistake("sign", "right in size and opposite in sign: which classes are pulled up?", -right)
    yield Mistake(
        "target left out", "these are the probabilities; what is true has to come in", upstream * y / N
    )
    yield Mistake(
        "probabilities left out", "what is true is there; what was said is not", -upstream * rows / N
    )
    yield Mistake(
        "softmax twice", "y has been through softmax already", upstream * (probabilities(y) - rows) / N
    )
    yield Mistake(
        "stopped at y", "this is the gradient at y; softmax comes before it", -upstream * rows / y / N
    )
    if t.ndim == 1:
        yield Mistake("true class only", "the other classes are pushed down: theirs is not 0", right * rows)
        crossed = y - np.isin(np.arange(C), t)
        yield Mistake("every row with every label", _CROSSED, upstream * crossed / N)
        yield Mistake("counted from 1", _FROM_0, upstream * (y - np.roll(rows, -1, axis=1)) / N)
    else:
        rounded = np.eye(C)[t.argmax(axis=1)]
        yield Mistake("target rounded", _ROUNDED, upstream * (y - rounded) / N)


@in_numpy("softmax_loss_backward: y and t after the call", parts=2, exact=_exact_backward)
def backward_leaves_alone(backward, seed=0):
    y = probabilities(_scores(seed, UNEQUAL))
    for kind in ("indices", "soft"):
        yield leaves_alone(partial(backward, _signal(seed)), y, _labels(seed, UNEQUAL, kind))


# ------------------------------------------------------------------------------------- task 5: the layer


def _exact_layer(SoftmaxWithLoss):
    """With equal scores the probabilities are 1/4; divided by 3 samples, they do not fit into float32."""
    t, layer = np.array([1, 0, 3]), SoftmaxWithLoss(log_probabilities)
    layer.forward(np.zeros((3, 4)), t)
    yield layer.backward(1.0), (0.25 - np.eye(4)[t]) / 3


@in_numpy("SoftmaxWithLoss.forward", parts=2)
def layer_forward(SoftmaxWithLoss, seed=0):
    for kind in ("indices", "soft"):
        z, t = _batch(seed, kind)
        loss = returned(SoftmaxWithLoss(log_probabilities).forward(z.copy(), t.copy()), "forward")
        yield compare(f"loss, t {kind}", loss, true_loss(z, t), _slips_of_the_loss(z, t), rtol=RTOL)


def _batch(seed, kind="indices"):
    return _scores(seed, UNEQUAL), _labels(seed, UNEQUAL, kind)


@in_numpy("SoftmaxWithLoss.backward", parts=2, exact=_exact_layer)
def layer_backward(SoftmaxWithLoss, seed=0):
    for kind in ("indices", "soft"):
        (z, t), upstream = _batch(seed, kind), _signal(seed)
        yours, _ = _there_and_back(SoftmaxWithLoss(log_probabilities), z, t, upstream)
        slips = _slips_of_the_gradient(upstream, probabilities(z), t)
        what = f"dz, t {kind}, upstream {upstream:.2f}"
        yield compare(what, yours, upstream * _slopes(z, t), slips, rtol=RTOL)


def _there_and_back(layer, z, t, upstream=1.0):
    """The gradient of the scores, in a copy, and what became of z and t on the way."""
    given = z.copy(), t.copy()
    layer.forward(*given)
    return deepcopy(returned(layer.backward(upstream), "backward")), given


@in_numpy("SoftmaxWithLoss: what it remembers, and what it leaves alone", parts=3, exact=_exact_layer)
def layer_memory(SoftmaxWithLoss, seed=0):
    layer, (z, t) = SoftmaxWithLoss(log_probabilities), _batch(seed)
    wanted, earlier = _slopes(z, t), _slopes(-z, t)
    layer.forward(-z, t.copy())
    first, given = _there_and_back(layer, z, t)
    kept = [Mistake("first batch kept", "backward is asked about the last forward", earlier)]
    yield compare("dz of the second batch", first, wanted, kept, rtol=RTOL)
    again = compare("dz when asked again", layer.backward(1.0), first)
    yield again if again.ok else replace(again, mistake=_WRITTEN[0], advice=_WRITTEN[1])
    yield left_alone(given, (z, t))


_WRITTEN = "cache changed", "backward has written into what forward keeps: compute beside it, on a copy"


@in_numpy("SoftmaxWithLoss: a sure and wrong guess", parts=2, exact=_exact_layer)
def layer_far_off(SoftmaxWithLoss, seed=0):
    z, t = _sure_and_wrong(seed)
    layer, y = SoftmaxWithLoss(log_probabilities), probabilities(z)
    own = y[np.arange(3), t][:, np.newaxis]
    loss = returned(layer.forward(z.copy(), t.copy()), "forward")
    yield compare("loss", loss, true_loss(z, t), [Mistake(*_GUARD, -np.log(own + 1e-7).mean())], rtol=RTOL)
    wanted = _slopes(z, t)
    hidden = [Mistake(*_GUARD, wanted * own / (own + 1e-7))]
    yield compare("dz", layer.backward(1.0), wanted, hidden, rtol=RTOL)


@in_numpy("SoftmaxWithLoss: two layers", exact=_exact_layer)
def layers_are_independent(SoftmaxWithLoss, seed=0):
    """The first layer must not have forgotten its batch when the second one is used."""
    first, second = SoftmaxWithLoss(log_probabilities), SoftmaxWithLoss(log_probabilities)
    z, t = _batch(seed)
    first.forward(z.copy(), t.copy())
    second.forward(-z, t.copy())
    yours, shared = returned(first.backward(1.0), "backward"), Mistake(*_SHARED, _slopes(-z, t))
    yield compare("dz of the first layer", yours, _slopes(z, t), [shared], rtol=RTOL)


_SHARED = (
    "state shared",
    "a second layer has overwritten what the first one stored: where does a layer keep what is its own?",
)


# ----------------------------------------------------------------------------------- task 6: the accuracy


@in_numpy("accuracy: class indices", parts=2)
def accuracy_of_indices(accuracy, seed=0):
    yield from _accuracies(accuracy, seed, "indices")


@in_numpy("accuracy: rows of targets", parts=2)
def accuracy_of_rows(accuracy, seed=0):
    yield from _accuracies(accuracy, seed, "one-hot")


def _accuracies(accuracy, seed, kind):
    for shape in ((6, 6), (5, 3)):
        z, labels, right = _guesses(seed, shape)
        t = labels if kind == "indices" else np.eye(shape[1])[labels]
        yours = returned(accuracy(z.copy(), t.copy()), "accuracy")
        yield compare(f"accuracy of z {shape}, t {kind}", yours, right, _slips_of_accuracy(z, labels))


def _guesses(seed, shape):
    """Scores, labels of which all but two are right, and their share; every mistake gives another number."""
    (N, C), rng = shape, np.random.default_rng((*shape, seed, 6))
    while True:
        z = rng.normal(size=shape)
        labels = z.argmax(axis=1)
        labels[-2:] = (labels[-2:] + rng.integers(1, C, 2)) % C
        found = [(N - 2) / N, *(mistake.gives for mistake in _slips_of_accuracy(z, labels))]
        if len(np.unique(np.round(found, 9))) == len(found):
            return z, labels, found[0]


def _slips_of_accuracy(z, labels):
    (N, C), guesses = z.shape, z.argmax(axis=1)
    right = np.mean(guesses == labels)
    yield Mistake("counted only", "asked is a share, between 0 and 1", N * right)
    yield Mistake("per cent", "asked is a share, between 0 and 1", 100 * right)
    yield Mistake("mistakes counted", "this is the share of those that are wrong", 1 - right)
    yield Mistake("score for class", "not the largest score is compared with the label, but its place", 0.0)
    if N == C:
        yield Mistake("argmax over axis 0", _AXIS, np.mean(z.argmax(axis=0) == labels))
        row = "a row of targets is no class index: which class does it mean?"
        rows = np.eye(C)[labels]
        yield Mistake("class compared with a row", row, np.mean(guesses == rows))
        yield Mistake("argmax over axis 0", _AXIS, np.mean(guesses == rows.argmax(axis=0)))
    else:
        yield Mistake("divided by C", "the share is one of all samples, not of the classes", N * right / C)
