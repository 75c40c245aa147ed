"""Lesson 12: batch norm both ways, which axis, dropout's mask, attention backward, rows that add up."""

import numpy as np

from ...check.compare import Mistake, compare
from ..exercise import question
from .common import returned

X = np.array([1.0, 2.0, 4.0, 5.0])
GAMMA, BETA = 2.0, 1.0
UPSTREAM = np.array([1.0, 0.0, -1.0, 2.0])


def _standard(x, less=0):
    centred = x - x.mean(axis=0)
    sigma = np.sqrt((centred**2).sum(axis=0) / (len(x) - less))
    return centred / sigma, sigma


@question(
    "A column, put in order",
    "First the mean of the four numbers; then how far each is from it.",
    "The distances are −2, −1, 1, 2. The variance is the mean of their squares, over all four.",
    "σ² = (4 + 1 + 1 + 4) / 4. Divide each distance by √σ².",
)
def standardised(standard):
    centred = X - X.mean()
    mistakes = [
        Mistake("divided by N − 1", "the variance is the mean over all N samples", _standard(X, less=1)[0]),
        Mistake("variance for its root", "divide by σ, the root of σ²", centred / 2.5),
        Mistake("not centred", "subtract the mean first", X / np.sqrt(2.5)),
        Mistake("not divided", "that has the mean 0; its variance is not 1 yet", centred),
        Mistake("γ and β too early", "x̂ comes before γ and β", GAMMA * _standard(X)[0] + BETA),
    ]
    yield compare("x̂", standard, _standard(X)[0], mistakes, rtol=5e-3, show=False)


@question(
    "What comes back to γ and to β",
    "One γ stands at all four samples: a fork. What is it multiplied by at each of them?",
    "γ meets x̂, and β meets 1. The shares of the four samples add up.",
    "dγ = Σ upstream · x̂, dβ = Σ upstream.",
)
def back_to_gamma_and_beta(dgamma, dbeta):
    standard, _ = _standard(X)
    add_up = "γ and β are used at every sample: what comes back adds up"
    wanted = {"dγ": (dgamma, UPSTREAM @ standard), "dβ": (dbeta, UPSTREAM.sum())}
    exchanged = Mistake("exchanged", "γ is multiplied by x̂, β is added", None)
    for what, (yours, right) in wanted.items():
        other = next(value for name, (_, value) in wanted.items() if name != what)
        each = UPSTREAM * standard if what == "dγ" else UPSTREAM
        mistakes = [
            Mistake("mean for sum", add_up, right / 4),
            Mistake("not added up", add_up, each),
            exchanged._replace(gives=other),
        ]
        if what == "dγ":
            mistakes.append(
                Mistake("x for x̂", "γ is multiplied by x̂, not by x", UPSTREAM @ X),
            )
        yield compare(what, yours, right, mistakes, rtol=5e-3, show=False)


@question(
    "Batch norm backward, in one line",
    "g = γ · upstream arrives at x̂. What would dx be if mean and σ were given numbers? Then two parts go.",
    "Take the mean of g off, for all x may move together and nothing changes; and x̂ times the mean of g x̂.",
    "dx = (g − mean(g) − x̂ · mean(g · x̂)) / σ, with the mean over the samples: axis=0.",
    parts=3,
)
def norm_back(norm_back):
    for N, D in ((4, 3), (5, 2), (3, 4)):
        rng = np.random.default_rng(N)
        x, upstream, gamma = rng.normal(size=(N, D)), rng.normal(size=(N, D)), rng.normal(size=D)
        yours = returned(norm_back(upstream.copy(), x.copy(), gamma.copy()), "norm_back")
        standard, sigma = _standard(x)
        g = gamma * upstream
        along, stretched = g.mean(axis=0), standard * (g * standard).mean(axis=0)
        right = (g - along - stretched) / sigma
        moves = "mean and σ are made of x, and move with it"
        mistakes = [
            Mistake("mean and variance as constants", moves, g / sigma),
            Mistake("variance as a constant", "σ moves, too", (g - along) / sigma),
            Mistake("mean as a constant", "the mean moves, too", (g - stretched) / sigma),
            Mistake("γ left out", "what arrives at x̂ is γ times the upstream", right / gamma),
            Mistake("not divided by σ", "x̂ is the distance over σ", right * sigma),
            Mistake("divided by σ²", "divide by σ once", right / sigma),
            Mistake("divided by N − 1", "all means go over all N samples",
                    _back(g, *_standard(x, less=1))),
            Mistake("along the rows", "each column has a mean of its own: axis=0",
                    (g - g.mean(axis=1, keepdims=True)
                     - standard * (g * standard).mean(axis=1, keepdims=True)) / sigma),
        ]  # fmt: skip
        yield compare(f"dx for {N} samples of {D}", yours, right, mistakes)


def _back(g, standard, sigma):
    return (g - g.mean(axis=0) - standard * (g * standard).mean(axis=0)) / sigma


@question(
    "How many means there are",
    "Batch norm looks down a column, layer norm along a row.",
    "x has 32 rows and 100 columns. Which of these counts is the number of columns?",
    "A mean for each feature in one case, a mean for each sample in the other.",
)
def means(of_batch_norm, of_layer_norm):
    for what, yours, right, other in (
        ("batch norm", of_batch_norm, 100, 32),
        ("layer norm", of_layer_norm, 32, 100),
    ):
        mistakes = [
            Mistake("the other axis", "batch norm: over the samples. Layer norm: over the features", other),
            Mistake("one for all", "not all entries share one mean", 1),
            Mistake("one for each entry", "a mean is taken over many entries", 3200),
        ]
        yield compare(what, yours, right, mistakes, show=False)


KEPT, RATE = np.array([1.0, 0.0, 1.0, 1.0]), 0.25
SENT = np.array([3.0, 6.0, -9.0, 0.0])


@question(
    "Dropout, on the way back",
    "What was each number multiplied by on the way forward? That is the local derivative.",
    "An entry that was left out was multiplied by 0, one that stayed by 1/(1 − rate) = 4/3.",
    "3 · 4/3 is the first; the second was left out.",
)
def dropped_back(dx):
    same = "the very mask of the way forward, with its 1/(1 − rate)"
    mistakes = [
        Mistake("scale left out", same, SENT * KEPT),
        Mistake("mask left out", "an entry that was left out hears nothing", SENT / (1 - RATE)),
        Mistake("upstream as it is", same, SENT),
        Mistake("scaled by 1 − rate", "divide by the share that stays", SENT * KEPT * (1 - RATE)),
        Mistake("divided by the rate", "the share that stays is 1 − rate", SENT * KEPT / RATE),
        Mistake("mask turned over", "the mask is 1 where an entry stays", SENT * (1 - KEPT) / (1 - RATE)),
    ]
    yield compare("dx", dx, SENT * KEPT / (1 - RATE), mistakes, show=False)


A = np.array([[0.5, 0.5], [0.25, 0.75]])
DO = np.array([[2.0, 0.0], [4.0, -4.0]])


@question(
    "What comes back to V",
    "out = A V is a matrix product. Lesson 4: which of the two is transposed?",
    "Value 0 was used by query 0 with the weight ½ and by query 1 with ¼: a fork.",
    "dV = Aᵀ dO, so its first row is ½ (2, 0) + ¼ (4, −4).",
)
def back_to_values(dV):
    mistakes = [
        Mistake("A not transposed", "a value gets shares from all queries that looked at it", A @ DO),
        Mistake("upstream as it is", "each query looked with its own weights", DO),
        Mistake("factors exchanged", "Aᵀ stands on the left", DO @ A.T),
        Mistake("factors exchanged", "Aᵀ stands on the left", DO @ A),
    ]
    yield compare("dV", dV, A.T @ DO, mistakes, show=False)


ROW = np.array([0.5, 0.25, 0.25])
AT_ROW = np.array([8.0, 0.0, 4.0])


@question(
    "Through one row of weights",
    "Lesson 3: the Jacobian of softmax is no diagonal. If one weight grows, the others of its row shrink.",
    "dS = A ∘ (dA − Σ dA ∘ A). First the sum over the row.",
    "The sum is 8 · ½ + 0 · ¼ + 4 · ¼ = 5, so the first entry is ½ · (8 − 5).",
)
def through_softmax(dS):
    right = ROW * (AT_ROW - AT_ROW @ ROW)
    diagonal = "all weights of a row share one denominator: every score moves every weight"
    mistakes = [
        Mistake("softmax by its diagonal", diagonal, ROW * (1 - ROW) * AT_ROW),
        Mistake("sum left out", diagonal, ROW * AT_ROW),
        Mistake("weights left out", "each entry is multiplied by its weight", AT_ROW - AT_ROW @ ROW),
        Mistake("mean for the weighted sum", "take off Σ dA ∘ A, which the weights weigh",
                ROW * (AT_ROW - AT_ROW.mean())),
        Mistake("taken off too late", "the sum is taken off before the weight is multiplied",
                ROW * AT_ROW - AT_ROW @ ROW),
    ]  # fmt: skip
    yield compare("dS", dS, right, mistakes, show=False)


INDEX = np.array([2, 0, 2])
DY = np.array([[1.0, 2.0], [3.0, 4.0], [10.0, 20.0]])


@question(
    "What comes back to the rows of a table",
    "Row 2 was taken twice: a fork. Row 1 was never taken.",
    "Each row adds up the upstream of every place where it was taken.",
    "Row 0 gets (3, 4), row 2 gets (1, 2) + (10, 20), and the other two get zeros.",
)
def back_to_rows(dW):
    right = np.zeros((4, 2))
    np.add.at(right, INDEX, DY)
    adds = "a row that was taken twice is a fork: what comes back adds up"
    last, first, mean = right.copy(), right.copy(), right.copy()
    last[2], first[2], mean[2] = DY[2], DY[0], DY[[0, 2]].mean(axis=0)
    mistakes = [
        Mistake("overwritten", adds, last),
        Mistake("overwritten", adds, first),
        Mistake("mean for sum", adds, mean),
        Mistake("in the order of the upstream", "the index says which row each upstream belongs to",
                np.vstack([DY, np.zeros((1, 2))])),
        Mistake("rows that were taken only", "dW has the shape of W, with zeros where nothing came back",
                right[[0, 2]]),
    ]  # fmt: skip
    yield compare("dW", dW, right, mistakes, show=False)
