"""Lesson 5: softmax, what a guess costs, the way back to the scores, and numbers that are too large."""

import numpy as np

from ...check.compare import Mistake, compare
from ...check.report import Finding
from ...gates import softmax, softmax_with_loss
from ...graph.numerical import numerical_gradient
from ..exercise import question
from .common import returned


@question(
    "The probability of the dog when every score grows by 1",
    "Every power of e gets the same factor. Which one, and where does it stand in the quotient?",
    "e to the power z + 1 is e times e to the power z: above the line, and in every term below it.",
    "The factor e cancels: look up what the dog had before.",
)
def all_scores_higher(dog):
    z = np.array([0.3, 2.9, 4.0])
    e, one_higher = np.exp(z), np.array([0.3, 3.9, 4.0])
    mistakes = [
        Mistake("sum left as it was", "the sum below the line has grown too", np.e * e[1] / e.sum()),
        Mistake("one score only", "all three scores grow by 1", softmax(one_higher)[1]),
        Mistake("1 added to the result", "the 1 is added to the scores", softmax(z)[1] + 1),
        Mistake("score for probability", "this is a score; its probability is asked", 3.9),
    ]
    yield compare("dog", dog, softmax(z + 1)[1], mistakes, rtol=5e-3, show=False)


@question(
    "The loss of y = (0.3, 0.2, 0.5), for two kinds of target",
    "The loss is −Σ t log y: each logarithm counts as much as the target says.",
    "With the true class 1 only log 0.2 is left. With t = (0.5, 0, 0.5) it is half of two logarithms.",
    "−log 0.2, and −(0.5 · log 0.3 + 0.5 · log 0.5); log to the base e",
)
def two_losses(hard, soft):
    y = np.array([0.3, 0.2, 0.5])
    log_y = np.log(y)
    base_10 = "log is the natural logarithm here, to the base e"
    negative = "a probability is below 1, so its logarithm is negative; the loss is not"
    to_hard = [
        Mistake("counted from 1", "classes count from 0: which entry of y belongs to class 1?", -log_y[0]),
        Mistake("logarithm to base 10", base_10, -np.log10(y[1])),
        Mistake(
            "largest class", "the loss looks at the true class, whichever class is the largest", -log_y[2]
        ),
        Mistake("sign", negative, log_y[1]),
        Mistake("logarithm left out", "this is the probability itself, or what it lacks to 1", y[1]),
        Mistake("logarithm left out", "this is the probability itself, or what it lacks to 1", 1 - y[1]),
        Mistake("every class", "only the true class has a target above 0", -log_y.sum()),
        Mistake("divided by C", "a mean goes over samples, and here is one", -log_y[1] / 3),
    ]
    to_soft = [
        Mistake("weights left out", "each logarithm is multiplied by its target", -log_y[0] - log_y[2]),
        Mistake("logarithm of the mean", "first the logarithms, then their mean", -np.log(0.4)),
        Mistake("every class", "class 1 has the target 0", -log_y.mean()),
        Mistake("every class", "class 1 has the target 0", -log_y.sum()),
        Mistake("logarithm to base 10", base_10, -0.5 * np.log10(0.15)),
        Mistake("sign", negative, 0.5 * (log_y[0] + log_y[2])),
        Mistake("divided by C", "a mean goes over samples, and here is one", -(log_y[0] + log_y[2]) / 6),
    ]
    yield compare("hard", hard, -log_y[1], to_hard, rtol=5e-3, show=False)
    yield compare("soft", soft, -0.5 * (log_y[0] + log_y[2]), to_soft, rtol=2e-3, show=False)


@question(
    "The three slopes of the loss, added up",
    "Nudge all three scores at once, by the same amount. What does the loss do?",
    "The same number on every score leaves every probability as it is, and so the loss.",
    "For a nudge h of all scores the loss changes by h times the sum of the slopes. And it does not change.",
)
def sum_of_slopes(total):
    mistakes = [
        Mistake("probabilities for slopes", "the probabilities add up to 1; these are slopes of the loss", 1),
        Mistake("loss for slope", "this is the loss; asked is how it changes", -np.log(0.2)),
        Mistake(
            "target for slope",
            "that is what the targets alone add up to; the probabilities have a part in it too",
            -1,
        ),
    ]
    yield compare("total", total, 0.0, mistakes, rtol=1e-3, floor=1e-9, show=False)


@question(
    "Two stops on the way back: y and S",
    "At log y the signal is −t. What is the local derivative of log at y = (0.3, 0.2, 0.5)?",
    "The local derivative of e/S for S is −e/S². Three copies of S are used, one for each class: add.",
    "d_y is −1/0.2 at the dog, 0 elsewhere. To S comes (−5) · (−2/10²), and nothing from the other classes.",
)
def two_stops(d_y, d_S):
    y, e, S = np.array([0.3, 0.2, 0.5]), np.array([3.0, 2.0, 5.0]), 10.0
    t = np.array([0.0, 1.0, 0.0])
    wanted = numerical_gradient(lambda y: -np.sum(t * np.log(y)), y)
    to_y = [
        Mistake("sign", "there is a minus in front of the sum", t / y),
        Mistake("upstream ignored", "this is the local derivative of log; what arrives there?", 1 / y),
        Mistake("target left out", "classes with the target 0 send nothing back", -1 / y),
        Mistake("log left out", "this is what arrives at log y; the gate log comes next", -t),
        Mistake("value for derivative", "the local derivative of log is one over its input", -t * y),
    ]  # fmt: skip
    yield compare("d_y", d_y, wanted, to_y, rtol=1e-3, show=False)
    to_S = [
        Mistake("a minus lost", "two minus signs meet: that of the upstream, and that of −e/S²", -0.1),
        Mistake("upstream ignored", "this is a local derivative; what arrives at y₁?", -e[1] / S**2),
        Mistake("square forgotten", "the derivative of 1/S has a square", -wanted[1] * e[1] / S),
        Mistake("e left out", "y is e times 1/S, so the derivative has e in it", -wanted[1] / S**2),
        Mistake("the other input", "this is what the gate sends to e", wanted[1] / S),
        Mistake("value for gradient", "S and its gradient are different things", S),
    ]  # fmt: skip
    right = numerical_gradient(lambda S: -np.log(e[1] / S), S)
    yield compare("d_S", d_S, right, to_S, rtol=1e-3, show=False)


@question(
    "The gradient of the scores when two classes are half true each",
    "What was said, minus what is true: entry by entry.",
    "The whole derivation held for any t that adds up to 1. Put this one into it.",
    "0.3 − 0.5 for the first class, and the same way for the others",
)
def half_and_half(gradient):
    y, t = np.array([0.3, 0.2, 0.5]), np.array([0.5, 0.5, 0.0])
    wanted = numerical_gradient(lambda z: softmax_with_loss(z, t), np.log(y))
    mistakes = [
        Mistake("sign", "the slope of the true classes is negative: raising them lowers the loss", t - y),
        Mistake("target left out", "these are the probabilities; what is true has to come in", y),
        Mistake("target rounded", "both classes are half true, not one of them wholly", y - [1, 0, 0]),
        Mistake("target rounded", "both classes are half true, not one of them wholly", y - [0, 1, 0]),
        Mistake("target rounded", "two classes are half true, not wholly", y - [1, 1, 0]),
        Mistake("stopped at y", "this is the gradient at y; softmax comes before it", -t / y),
        Mistake("divided by C", "a mean goes over samples, and here is one", wanted / 3),
    ]
    yield compare("gradient", gradient, wanted, mistakes, rtol=1e-3, show=False)


@question(
    "The way back for a batch",
    "For one sample it is y − t. The loss is a mean over N rows, and a signal arrives from outside.",
    "N is the number of rows, len(y). The signal is a factor, like any upstream.",
    "return upstream times the difference of y and t, divided by the number of rows",
)
def back(back):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        z, upstream = rng.normal(size=(4, 3)), float(rng.uniform(1.5, 3.5))
        y, t = softmax(z), np.eye(3)[rng.integers(3, size=4)]
        given = y.copy(), t.copy()
        yours = returned(back(upstream, *given), "back")
        if not (np.array_equal(given[0], y) and np.array_equal(given[1], t)):
            yield Finding("y and t", False, "are not what they were", *_CHANGED)
            return
        wanted = upstream * numerical_gradient(lambda z, t=t: softmax_with_loss(z, t), z)
        yield compare(f"dz for upstream {upstream:.2f}", yours, wanted, _slips_of_a_batch(upstream, y, t))


_CHANGED = (
    "argument changed in place",
    "y and t belong to the caller, who may need them again: compute beside them",
)


def _slips_of_a_batch(upstream, y, t):
    N, C = y.shape
    one = upstream * (y - t)
    yield Mistake("1/N missing", "the loss is a mean over the rows, and its gradient keeps the 1/N", one)
    yield Mistake("1/N twice", "the 1/N of the mean comes in once", one / N**2)
    for size in (C, N * C):
        yield Mistake("divided by C", "the mean goes over the samples, not over the classes", one / size)
    yield Mistake("upstream ignored", "right for a signal of 1; another one has arrived", (y - t) / N)
    yield Mistake("upstream and 1/N missing", "right for one sample and a signal of 1", y - t)
    yield Mistake("upstream added", "the signal is multiplied, not added", upstream + (y - t) / N)
    yield Mistake(
        "sign", "right in size and opposite in sign: the true class has the negative slope", -one / N
    )
    yield Mistake(
        "target left out", "these are the probabilities; what is true has to come in", upstream * y / N
    )
    yield Mistake("softmax twice", "y has been through softmax already", upstream * (softmax(y) - t) / N)
    yield Mistake("stopped at y", "this is the gradient at y; softmax comes before it", -upstream * t / y / N)


@question(
    "The loss of z = (0, −1000) when class 1 is true",
    "Take the logarithm before anything can round to 0: log y is the score minus the log of the sum.",
    "The largest score is 0, so nothing has to be shifted. The sum is 1 and a speck.",
    "log y₁ = −1000 − log(1 + a speck). And the loss is −log y₁.",
)
def far_off(loss):
    mistakes = [
        Mistake("1e-7 in the logarithm", "this is what the guard makes of it", -np.log(1e-7)),
        Mistake("sign", "right in size; a loss is never negative", -1000),
        Mistake("another class", "that is the loss if class 0 were true", 0),
        Mistake("logarithm of the score", "the logarithm is taken of the probability", np.log(1000)),
    ]
    yield compare("loss", loss, 1000.0, mistakes, rtol=5e-3, floor=1e-9, show=False)
