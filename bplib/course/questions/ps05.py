"""Assignment 5: how the answers are judged, by the library's logarithms and by nudging the scores."""

from copy import deepcopy
from dataclasses import replace
from functools import partial

import numpy as np

from ... import gates
from ...check.compare import Mistake
from ...gates import softmax as probabilities
from ...gates import softmax_with_loss as true_loss
from ...graph.numerical import numerical_gradient
from .common import and_then, compared, in_numpy, leaves_alone, left_alone, returned, tell_apart

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
        e, powers = np.exp(z), 2.0**z
        others = {
            "a share of powers of 2": powers / powers.sum(axis=1, keepdims=True),
            "shares of −z": probabilities(-z),
        }
        others |= {
            "powers divided by the largest": e / e.max(axis=1, keepdims=True),
            "softmax taken twice": probabilities(probabilities(z)),
        }
        yield compared(
            f"y {shape}", yours, probabilities(z), _slips_of_softmax(z), shapes=[shape], values=others
        )


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
        others = {"another logarithm, base 10": log_probabilities(z) / np.log(10), "the scores themselves": z}
        others |= {"another logarithm, base 2": log_probabilities(z) / np.log(2)}
        slips = _slips_of_log_softmax(z)
        yield compared(f"log y {shape}", yours, log_probabilities(z), slips, rtol=RTOL, values=others)


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
    yield from _far_out(softmax, "softmax", probabilities, seed, (_LARGE, _ROWS_APART, _ABOVE))


@in_numpy("log_softmax: scores that are too large, or far from each other", parts=4)
def log_softmax_of_large_scores(log_softmax, seed=0):
    cases = _LARGE, _ROWS_APART, _CLASSES_APART, _ABOVE
    yield from _far_out(log_softmax, "log_softmax", log_probabilities, seed, cases, _guarded)


def _guarded(z):
    yield Mistake(*_GUARD, np.log(probabilities(z) + 1e-7))


_OVERFLOW = "overflow", "e to a large power is inf, and of only tiny powers 0: no row needs either"
_ONE_SHIFT = "not shifted row by row", "a row far below the others is left with zeros: what does it need?"
_TOO_LITTLE = "shifted too little", "a power still overflows: how large may the largest exponent be?"
_LOG_OF_0 = "log of 0", "a small probability has been rounded to 0 before its logarithm was taken"
_GUARD = "1e-7 in the logarithm", "what is added hides every probability that is smaller"
_CLIPPED = "scores cut off", "cutting large scores off makes them equal: shift them instead"
_LARGE = "large scores", [[1010.0, 1000.0, 990.0], [1003.0, 1001.0, 1000.0]], _OVERFLOW
_ROWS_APART = "rows far apart", [[0.0, 1.0, 2.0], [-1000.0, -1001.0, -1003.0]], _ONE_SHIFT
_CLASSES_APART = "classes far apart", [[12.0, 0.0, -12.0], [0.0, 3.0, -800.0]], _LOG_OF_0
_ABOVE = "scores far above another", [[0.0, 2999.0, 3000.0], [1400.0, 1399.0, -2800.0]], _TOO_LITTLE


def _far_out(function, who, right, seed, cases, slips=lambda z: ()):
    """What is not finite is blamed on the first case in which it happened."""
    blame = None
    for what, rows, usual in cases:
        z = np.array(rows) + np.random.default_rng(seed).uniform(-0.5, 0.5, (2, 3))
        equal = right(np.zeros((2, 3)))
        mistakes = [Mistake(*_CLIPPED, equal), *slips(z)]
        found = compared(what, returned(function(z.copy()), who), right(z), mistakes, rtol=RTOL / 10)
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
    cases = (SQUARE, "indices"), (UNEQUAL, "indices")
    yield from and_then(
        _losses(softmax_loss, seed, cases), lambda: _left_alone(softmax_loss, seed, "indices")
    )


@in_numpy("softmax_loss: rows of targets", parts=2)
def loss_of_rows(softmax_loss, seed=0):
    cases = (UNEQUAL, "one-hot"), (UNEQUAL, "soft")
    yield from and_then(_losses(softmax_loss, seed, cases), lambda: _left_alone(softmax_loss, seed, "soft"))


def _left_alone(softmax_loss, seed, kind):
    yield leaves_alone(lambda z, t: softmax_loss(z, t, log_probabilities), *_batch(seed, kind))


def _losses(softmax_loss, seed, cases):
    for shape, kind in cases:
        z, t = _scores(seed, shape), _labels(seed, shape, kind)
        yours = returned(softmax_loss(z.copy(), t.copy(), log_probabilities), "softmax_loss")
        what = f"loss of z {shape}, t {kind}"
        slips, others = _slips_of_the_loss(z, t), _other_losses(z, t)
        yield compared(what, yours, true_loss(z, t), slips, rtol=RTOL, shapes=[z.shape], values=others)


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


def _other_losses(z, t):
    """Losses that are made of other numbers than the logarithms, or of them and of more."""
    N, log_y, rows = len(z), log_probabilities(z), _rows(t, z.shape[1])
    y = np.exp(log_y)
    made = {
        "the loss with scores for logarithms": rows * z,
        "the loss with the logarithm of the logarithms": rows * np.log(-log_y),
        "the loss of the likeliest class": log_y * (log_y == log_y.max(axis=1, keepdims=True)),
        "a sum of squared errors": -((y - rows) ** 2),
        "half the sum of squared errors": -((y - rows) ** 2) / 2,
        "1 − y for −log y": -rows * (1 - y),
        "a loss in which each class is a yes or no": rows * log_y + (1 - rows) * np.log(1 - y),
        "the distance of two distributions": rows * log_y
        - np.where(rows > 0, rows * np.log(np.maximum(rows, 1e-300)), 0),
        "targets and probabilities in each other's place": y * np.log(rows + 1e-12),
    }
    totals = {name: -each.sum() for name, each in made.items()}
    values = {name: total / N for name, total in totals.items()} | {
        "squared errors, averaged": ((y - rows) ** 2).mean()
    }
    values |= {f"{name}, not divided by N": total for name, total in totals.items()}
    by_class = -(rows * log_y).sum(axis=0)
    return values | {"a loss for each class": by_class / N, "a sum for each class": by_class}


_CROSSED = "[:, t] takes all rows for each label; row n goes with label n alone"
_FROM_0 = "classes count from 0, so label 1 is the second column"
_ROUNDED = "a soft label counts for several classes, not only for the largest"


@in_numpy("softmax_loss: a sure and wrong guess")
def loss_far_off(softmax_loss, seed=0):
    z, t = _sure_and_wrong(seed)
    yours = returned(softmax_loss(z.copy(), t.copy(), log_probabilities), "softmax_loss")
    guarded = -np.log(probabilities(z)[np.arange(3), t] + 1e-7).mean()
    yield compared("loss", yours, true_loss(z, t), [Mistake(*_GUARD, guarded)])


def _sure_and_wrong(seed):
    """Three rows of four scores, far out; the true class of the first is far below the others."""
    z = np.array([[1012.0, 1000.0, 188.0, 1001.0], [0.5, 1.5, -1.0, 0.0], [-998.0, -1000.0, -999.0, -1001.0]])
    return z + np.random.default_rng(seed).uniform(-0.5, 0.5, z.shape), np.array([2, 1, 3])


# ----------------------------------------------------------------------------------- task 4: the way back


def _exact_backward(backward):
    y = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]])
    yield backward(3.0, y, np.array([2, 1])), np.array([[0.75, 0.375, -1.125], [0.375, -0.75, 0.375]])


@in_numpy("softmax_loss_backward: class indices", exact=_exact_backward)
def gradient_of_indices(backward, seed=0):
    yield from _gradients(backward, seed, ("indices",))


@in_numpy(
    "softmax_loss_backward: rows of targets",
    parts=2,
    exact=_exact_backward,
)
def gradient_of_rows(backward, seed=0):
    yield from _gradients(backward, seed, ("one-hot", "soft"))


def _gradients(backward, seed, kinds):
    for kind in kinds:
        z, t, upstream = _scores(seed, UNEQUAL), _labels(seed, UNEQUAL, kind), _signal(seed)
        y = probabilities(z)
        yours = returned(backward(upstream, y.copy(), t.copy()), "softmax_loss_backward")
        wanted = upstream * _slopes(z, t)
        slips = _slips_of_the_gradient(upstream, y, t)
        what, known = f"dz, t {kind}, upstream {upstream:.2f}", _around_the_gradient(upstream, y, t)
        yield compared(what, yours, wanted, slips, rtol=RTOL, **known)


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


def _around_the_gradient(upstream, y, t, z=None):
    N, rows = len(y), _rows(t, y.shape[1])
    error = y - rows
    made = {
        "the slope of a sigmoid in it, too": error * y * (1 - y),
        "a factor y that is not there": error * y,
        "a softmax that is differentiated once more": y * (error - (error * y).sum(axis=1, keepdims=True)),
        "the logarithms for the probabilities": np.log(y) - rows,
        "its targets set to 1, not lessened by 1": np.where(rows == 1, 1, y),
        "twice the target": y - 2 * rows,
        "the target added": y + rows,
        "the targets of other rows": y - rows[::-1],
        "upstream with the target alone": y / upstream - rows,
        "upstream with the probabilities alone": y - rows / upstream,
    }
    if t.ndim == 1:
        made |= {
            "class numbers for targets": y - t[:, np.newaxis],
            "classes counted one further": y - np.roll(rows, 1, axis=1),
        }
    if z is not None:
        made |= {"scores for probabilities": z - rows, "powers for probabilities": np.exp(z) - rows}
    values = {f"the gradient with {name}": upstream * each / N for name, each in made.items()}
    values |= {f"the gradient with {name}, without upstream": each / N for name, each in made.items()}
    return {"shapes": [y.shape], "factors": {"upstream": upstream}, "values": values}


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
        slips, others = (
            _slips_of_the_loss(z, t),
            _other_losses(z, t) | {"the probabilities": probabilities(z)},
        )
        yield compared(
            f"loss, t {kind}", loss, true_loss(z, t), slips, rtol=RTOL, shapes=[z.shape], values=others
        )


def _batch(seed, kind="indices"):
    return _scores(seed, UNEQUAL), _labels(seed, UNEQUAL, kind)


@in_numpy("SoftmaxWithLoss.backward", parts=2, exact=_exact_layer)
def layer_backward(SoftmaxWithLoss, seed=0):
    for kind in ("indices", "soft"):
        (z, t), upstream = _batch(seed, kind), _signal(seed)
        yours, _ = _there_and_back(SoftmaxWithLoss(log_probabilities), z, t, upstream)
        slips = _slips_of_the_gradient(upstream, probabilities(z), t)
        what = f"dz, t {kind}, upstream {upstream:.2f}"
        known = _around_the_gradient(upstream, probabilities(z), t, z)
        yield compared(what, yours, upstream * _slopes(z, t), slips, rtol=RTOL, **known)


def _there_and_back(layer, z, t, upstream=1.0):
    """The gradient of the scores, in a copy, and what became of z and t on the way."""
    given = z.copy(), t.copy()
    layer.forward(*given)
    return deepcopy(returned(layer.backward(upstream), "backward")), given


@in_numpy(
    "SoftmaxWithLoss: what it remembers, and what it leaves alone",
    parts=3,
    exact=_exact_layer,
)
def layer_memory(SoftmaxWithLoss, seed=0):
    layer, (z, t) = SoftmaxWithLoss(log_probabilities), _batch(seed)
    other = (t + 1) % z.shape[1]
    wanted, earlier = _slopes(z, t), _slopes(-z, other)
    layer.forward(-z, other.copy())
    layer.backward(1.0)
    first, given = _there_and_back(layer, z, t)
    stale = earlier, _slopes(-z, t), _slopes(z, other)
    kept = [Mistake("first batch kept", "backward is asked about the last forward", each) for each in stale]
    yield compared("dz of the second batch", first, wanted, kept, rtol=RTOL)
    again = compared("dz when asked again", layer.backward(), first)
    yield again if again.ok else replace(again, mistake=_WRITTEN[0], advice=_WRITTEN[1])
    yield left_alone(given, (z, t))


_WRITTEN = "cache changed", "backward has written into what forward keeps: compute beside it, on a copy"


@in_numpy("SoftmaxWithLoss: a sure and wrong guess", parts=2, exact=_exact_layer)
def layer_far_off(SoftmaxWithLoss, seed=0):
    z, t = _sure_and_wrong(seed)
    layer, y = SoftmaxWithLoss(log_probabilities), probabilities(z)
    own = y[np.arange(3), t][:, np.newaxis]
    loss = returned(layer.forward(z.copy(), t.copy()), "forward")
    yield compared("loss", loss, true_loss(z, t), [Mistake(*_GUARD, -np.log(own + 1e-7).mean())], rtol=RTOL)
    wanted = _slopes(z, t)
    hidden = [Mistake(*_GUARD, wanted * own / (own + 1e-7))]
    yield compared("dz", layer.backward(1.0), wanted, hidden, rtol=RTOL)


@in_numpy("SoftmaxWithLoss: two layers", exact=_exact_layer)
def layers_are_independent(SoftmaxWithLoss, seed=0):
    """The first layer must not have forgotten its batch when the second one is used."""
    first, second = SoftmaxWithLoss(log_probabilities), SoftmaxWithLoss(log_probabilities)
    z, t = _batch(seed)
    first.forward(z.copy(), t.copy())
    other = (t + 1) % z.shape[1]
    second.forward(-z, other.copy())
    yours = returned(first.backward(1.0), "backward")
    shared = [Mistake(*_SHARED, _slopes(*kept)) for kept in ((-z, other), (-z, t), (z, other))]
    yield compared("dz of the first layer", yours, _slopes(z, t), shared, rtol=RTOL)


_SHARED = (
    "state shared",
    "a second layer has overwritten what the first one stored: where does a layer keep what is its own?",
)


# ----------------------------------------------------------------------------------- task 6: the accuracy


@in_numpy("accuracy: class indices", parts=2)
def accuracy_of_indices(accuracy, seed=0):
    yield from _accuracies(accuracy, seed, ("indices", "indices"))


@in_numpy("accuracy: rows of targets", parts=2)
def accuracy_of_rows(accuracy, seed=0):
    yield from _accuracies(accuracy, seed, ("one-hot", "soft"))


def _accuracies(accuracy, seed, kinds):
    z, labels, _ = _guesses(seed, _MANY)
    t = labels if kinds[0] == "indices" else _targets(labels, 7, kinds[0])
    yield from and_then(_shares(accuracy, seed, kinds), lambda: [leaves_alone(accuracy, z, t)])


_MANY = 53, 7  # prime numbers: unrelated slips do not share a value


def _targets(labels, C, kind):
    """Rows of targets; in soft ones the true class has a little more than each other one."""
    rows = np.eye(C)[labels]
    return rows if kind == "one-hot" else (rows + 4) / (4 * C + 1)


def _shares(accuracy, seed, kinds):
    for shape, kind in zip(((31, 31), _MANY), kinds, strict=True):
        z, labels, right = _guesses(seed, shape)
        t = labels if kind == "indices" else _targets(labels, shape[1], kind)
        yours = returned(accuracy(z.copy(), t.copy()), "accuracy")
        slips, others = _slips_of_accuracy(z, labels), _other_accuracies(z, labels, t)
        yield compared(f"accuracy of z {shape}, t {kind}", yours, right, slips, values=others)


def _other_accuracies(z, labels, t):
    """Shares of other things than of samples whose largest score belongs to the true class."""
    (N, C), guesses, ranks = z.shape, z.argmax(axis=1), z.argsort(axis=1)
    rows, said = np.eye(C)[labels], np.eye(C)[guesses]
    hits = {
        "the guess is the smallest score": z.argmin(axis=1) == labels,
        "the guess is the largest score in size": np.abs(z).argmax(axis=1) == labels,
        "the guess is the second largest score": ranks[:, -2] == labels,
        "the guess is the largest score of all rows": z.argmax() == labels,
        "classes are counted one further": guesses + 1 == labels,
        "classes are counted one less": guesses - 1 == labels,
        "the guess occurs among the labels": np.isin(guesses, labels),
        "each entry of two one-hot tables counts": said == rows,
        "a score above 0 is a guess": (z[:, 1] > 0).astype(int) == labels,
        "a score above ½ is a guess": (z[:, 1] > 0.5).astype(int) == labels,
        "all samples have to be right": np.all(guesses == labels),
        "targets are rounded first": (np.round(rows if t.ndim == 1 else t).argmax(axis=1) == guesses),
        "labels are those of the next sample": guesses == np.roll(labels, 1),
        "the largest score itself is the label": z.max(axis=1).astype(int) == labels,
    }
    shares = {f"the share when {what}": np.mean(each) for what, each in hits.items()}
    right = np.mean(guesses == labels)
    shares |= {f"the share, with {digits} digits kept": np.round(right, digits) for digits in (0, 1, 2, 3)}
    shares |= {"hits of all but one": N * right / (N - 1), "hits of one more": N * right / (N + 1)}
    shares |= {
        "the hits of each sample, not their share": guesses == labels,
        "hits of all entries": right / C,
    }
    return (
        shares
        if t.ndim == 1
        else shares | {"the target's share at the guess": np.mean(t[np.arange(N), guesses])}
    )


def _guesses(seed, shape):
    """Scores, labels of which some are right, and their share; every mistake gives another number."""
    draw, rng = partial(_some_right, shape=shape), np.random.default_rng((*shape, seed, 6))
    return tell_apart(draw, _each_form, rng)


def _each_form(z, labels, right):
    """Here two forms of one mistake count as two."""
    slips = enumerate(_slips_of_accuracy(z, labels))
    yield right, [slip._replace(name=f"{slip.name}, {k}") for k, slip in slips]


def _some_right(rng, shape):
    (N, C), z = shape, rng.normal(size=shape)
    labels, wrong = z.argmax(axis=1), N // 3
    labels[-wrong:] = (labels[-wrong:] + rng.integers(1, C, wrong)) % C
    return z, labels, (N - wrong) / N


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
