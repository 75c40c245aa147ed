"""Lesson 11: a window that slides, what comes back to a shared weight, windows as rows, pooling, AlexNet."""

import numpy as np

from ...check.compare import Mistake, compare
from ..exercise import question
from .common import returned

X = np.array([1.0, 3.0, -2.0, 4.0, 0.0])
W = np.array([2.0, -1.0, 1.0])
UPSTREAM = np.array([1.0, -2.0, 3.0])


def _slid(x, w):
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])


@question(
    "A window that slides",
    "Lay (2, −1, 1) over the first three numbers of x: multiply what lies on top of each other, and add.",
    "2 · 1 − 1 · 3 + 1 · (−2) is the first. Then move the weights one place to the right.",
    "The second window holds 3, −2 and 4, the third −2, 4 and 0.",
)
def slides(y):
    turned = _slid(X, W[::-1])
    mistakes = [
        Mistake("weights turned round", "the first weight meets the first number of the window", turned),
        Mistake("weights do not meet", "windows overlap: each begins one place after the last", [-3, 8]),
        Mistake("sums of the windows", "each number is multiplied by its weight first", _slid(X, np.ones(3))),
    ]
    yield compare("y", y, _slid(X, W), mistakes, show=False)


@question(
    "What comes back to three shared weights",
    "w₀ is used three times: once in each window. What does it meet there, and which upstream is that of?",
    "w₀ meets 1, 3 and −2, and the upstreams of these three uses are 1, −2 and 3.",
    "1 · 1 + (−2) · 3 + 3 · (−2) for w₀; w₁ meets 3, −2, 4, and w₂ meets −2, 4, 0.",
)
def shared_weights(dw):
    right = _slid(X, UPSTREAM)
    add_up = "a weight that is used in three windows gets three shares, and they add up"
    mistakes = [
        Mistake("mean for sum", "uses add up: nobody takes a mean here", right / 3),
        *(Mistake("one window only", add_up, u * X[k : k + 3]) for k, u in enumerate(UPSTREAM)),
        Mistake("upstream ignored", "each window sends back its own upstream", _slid(X, np.ones(3))),
        Mistake("turned round", "w₀ is the weight that meets the first number of a window", right[::-1]),
        Mistake("all in one", "three weights: three sums", np.full(3, right.sum())),
        Mistake("times the weights", "local is what the weight is multiplied by, not the weight", right * W),
    ]
    yield compare("dw", dw, right, mistakes, show=False)


@question(
    "What comes back to x",
    "In how many windows does x₀ stand, and in how many x₂? What is each multiplied by there?",
    "x₂ is the last number of window 0, the middle one of window 1, the first of window 2.",
    "x₂: 1 · 1 + (−2) · (−1) + 3 · 2. At the ends there are fewer windows.",
)
def back_to_x(dx):
    right = _sent_back(W, add=True)
    overlap = "windows overlap, and what they send to one place adds up"
    mistakes = [
        Mistake("overwritten", overlap, _sent_back(W, add=False)),
        Mistake("overwritten", overlap, _sent_back(W, add=False, order=-1)),
        Mistake("weights turned round", "window i sends upstream i times w₀ to its first place, times w₂ to "
                "its last", _sent_back(W[::-1], add=True)),
        Mistake("upstream ignored", "each window sends its upstream times the weights",
                _sent_back(W, add=True, upstream=np.ones(3))),
        Mistake("mean for sum", "what windows send to one place adds up, without a mean",
                right / np.array([1, 2, 3, 2, 1])),
    ]  # fmt: skip
    yield compare("dx", dx, right, mistakes, show=False)


def _sent_back(w, add, order=1, upstream=UPSTREAM):
    dx = np.zeros(5)
    for i in range(3)[::order]:
        dx[i : i + 3] = upstream[i] * w + (dx[i : i + 3] if add else 0.0)
    return dx


@question(
    "How many places a window has",
    "The first window stands at the left edge. How far can it move before its right end hits the edge?",
    "With padding the side is longer by 2 P. The window fills K of it; what is left is walked in steps of S.",
    "(D + 2P − K) // S + 1, with D = 227, K = 11, S = 4, P = 0; then with 27, 5, 1 and 2.",
)
def places(first, second):
    for what, yours, (D, K, S, P) in (("first", first, (227, 11, 4, 0)), ("second", second, (27, 5, 1, 2))):
        right = (D + 2 * P - K) // S + 1
        also = "steps and places: the window also stands where it begins"
        mistakes = [Mistake("first place forgotten", also, right - 1)]
        if S > 1:
            whole = "the window has to fit in with all of its length"
            mistakes.append(Mistake("stride ignored", "the window moves by four", D + 2 * P - K + 1))
            mistakes.append(Mistake("kernel left out", whole, D // S + 1))
        if P > 0:
            sides = "there are zeros on both sides"
            mistakes.append(Mistake("padding left out", "zeros make it longer", (D - K) // S + 1))
            mistakes.append(Mistake("padding on one side", sides, (D + P - K) // S + 1))
        yield compare(what, yours, right, mistakes, show=False)


@question(
    "The windows of an image, as rows",
    "Two loops over the places; at each, cut out h rows and w columns.",
    "X[i : i + h, j : j + w].reshape(-1) is the row for the place (i, j).",
    "Put the rows into a list, the places in reading order, and make an array of it.",
    parts=3,
)
def windows(windows):
    for shape, h, w in (((3, 3), 2, 2), ((4, 5), 2, 2), ((5, 4), 3, 2)):
        image = np.random.default_rng(h + w).normal(size=shape)
        yours = returned(windows(image.copy(), h, w), "windows")
        right = _windows(image, h, w)
        P, Q = shape[0] - h + 1, shape[1] - w + 1
        mistakes = [
            Mistake("lies on its side", "a row for each window: a window is a sample", right.T),
            Mistake("places in another order", "first along a row of the image, as one reads",
                    right.reshape(P, Q, -1).swapaxes(0, 1).reshape(P * Q, -1)),
            Mistake("windows read by columns", "inside of a window, too, row after row",
                    right.reshape(-1, h, w).swapaxes(1, 2).reshape(P * Q, -1)),
            Mistake("windows side by side", "windows overlap: the next begins one place further",
                    _windows(image, h, w, apart=True)),
            Mistake("windows not flat", "each window becomes one row of numbers", right.reshape(-1, h, w)),
        ]  # fmt: skip
        yield compare(f"{h} × {w} windows of {shape}", yours, right, mistakes)


def _windows(image, h, w, apart=False):
    H, W = image.shape
    down, across = range(0, H - h + 1, h if apart else 1), range(0, W - w + 1, w if apart else 1)
    return np.array([image[i : i + h, j : j + w].ravel() for i in down for j in across])


@question(
    "The way back through a max pooling",
    "Which entry of each window got through? Only that one hears anything.",
    "In the second window four entries are equally large. The rule of lesson 2: the first of them.",
    "7 goes to the 5, and −3 to the first 2 in reading order; the rest is 0.",
)
def pooled_back(dX):
    right = np.array([[0.0, 7.0, -3.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    to_all = np.array([[7.0, 7.0, -3.0, -3.0]] * 2)
    tie = "at a tie one entry is chosen, the first"
    mistakes = [
        Mistake("sent to all", "the others did not get through: a nudge of theirs changes nothing", to_all),
        Mistake("shared by all", "that is what a mean does; the maximum is a router", to_all / 4),
        Mistake("all at a tie", tie, np.array([[0.0, 7.0, -3.0, -3.0], [0.0, 0.0, -3.0, -3.0]])),
        Mistake("shared at a tie", tie, np.array([[0.0, 7.0, -0.75, -0.75], [0.0, 0.0, -0.75, -0.75]])),
        Mistake("last at a tie", "at a tie it is the first in reading order",
                np.array([[0.0, 7.0, 0.0, 0.0], [0.0, 0.0, 0.0, -3.0]])),
        Mistake("values sent", "a router passes on the signal that arrives, times 1",
                np.array([[0.0, 5.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0]])),
        Mistake("times the value", "the local derivative is 1 for the entry that got through",
                np.array([[0.0, 35.0, -6.0, 0.0], [0.0, 0.0, 0.0, 0.0]])),
    ]  # fmt: skip
    yield compare("dX", dX, right, mistakes, show=False)


@question(
    "The parameters of AlexNet's first layer",
    "One kernel: how many weights does it have, if the image has three channels?",
    "3 · 11 · 11 weights, and one bias. There are 96 kernels.",
    "96 · (3 · 11 · 11 + 1)",
)
def first_layer(parameters):
    M, C, side, out = 96, 3, 11, 55
    mistakes = [
        Mistake("biases left out", "each kernel has a bias", M * C * side**2),
        Mistake("channels left out", "a kernel sees all channels, with weights for each", M * (side**2 + 1)),
        Mistake("counted at every place", "all places use the same weights", M * (C * side**2 + 1) * out**2),
        Mistake("one kernel only", "there are 96 of them", C * side**2 + 1),
        Mistake("a bias for each channel", "a kernel has one bias, whatever it sees", M * C * (side**2 + 1)),
    ]
    yield compare("parameters", parameters, M * (C * side**2 + 1), mistakes, show=False)
