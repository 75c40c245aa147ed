"""Lesson 4: matrix products one entry at a time, the bias of a batch, and broadcasting on its way back."""

from dataclasses import replace

import numpy as np

from ...check.compare import Mistake, compare
from ...check.gate import check_gate
from ...graph.numerical import numerical_gradient
from ..exercise import Unusable, question
from .common import returned

X = np.array([[2.0, 1.0, -3.0], [-3.0, 4.0, 2.0]])
W = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])
DY = np.array([[2.0, 3.0, -3.0, 9.0], [-8.0, 1.0, 4.0, 6.0]])


@question(
    "How many entries of Y move with X[0, 0]",
    "Write out one entry of Y: which numbers of X stand in its sum?",
    "An entry of Y is a row of X times a column of W. In which rows of X does X[0, 0] stand?",
    "Row 0 of Y is made of row 0 of X, all of it, and row 1 is not. How many entries has a row of Y?",
)
def entries_reached(guess):
    nudged = X.copy()
    nudged[0, 0] += 1
    mistakes = [
        Mistake("one entry only", "X[0, 0] is used for more than the entry at its own place", 1),
        Mistake("all entries", "the other sample has three numbers of its own", 8),
        Mistake("a column", "it is the sample that X[0, 0] belongs to, and a sample is a row", 2),
        Mistake("the size of X", "asked are entries of Y, and Y has another number of columns than X", 3),
    ]
    yield compare("guess", guess, np.count_nonzero(nudged @ W - X @ W), mistakes, show=False)


@question(
    "One entry of X: X[0, 1]",
    "Which row of Y contains X[0, 1] in its sums, and which numbers of W multiply it there?",
    "X[0, 1] is multiplied by row 1 of W, and lands in row 0 of Y. Nothing else moves.",
    "Row 0 of the slice is row 1 of W, with zeros below. Multiply with dY entry by entry, and add.",
)
def one_entry(slice_of_X01, dX01):
    nudge = np.zeros_like(X)
    nudge[0, 1] = 1
    wanted = nudge @ W
    row, nothing = W[1], np.zeros(4)
    mistakes = [
        Mistake("both rows", "the other sample does not contain this entry of X", np.array([row, row])),
        Mistake("row of the other sample", "X[0, 1] belongs to sample 0", np.array([nothing, row])),
        *(
            Mistake("wrong row of W", "which row of W does column 1 of X meet?", np.array([W[k], nothing]))
            for k in (0, 2)
        ),
        Mistake(
            "upstream in the slice", "the slice is the local part alone; dY comes afterwards", wanted * DY
        ),
        Mistake("row alone", "the slice has the shape of Y: what stands in its other row?", row),
    ]
    yield compare("slice_of_X01", slice_of_X01, wanted, mistakes, show=False)
    slope = numerical_gradient(lambda x: np.sum(DY * (x @ W)), X)[0, 1]
    mistakes = [
        Mistake("upstream ignored", "these are the entries of the slice added up; where is dY?", row.sum()),
        Mistake(
            "slice ignored", "this is dY alone; each entry is multiplied by how far Y moves", DY[0].sum()
        ),
        Mistake("both rows", "the other sample does not contain this entry of X", row @ DY.sum(axis=0)),
        Mistake("row of the other sample", "X[0, 1] belongs to sample 0: so does its row of dY", row @ DY[1]),
        Mistake("one path only", "X[0, 1] reaches the loss through four entries of Y", row[1] * DY[0, 1]),
    ]
    yield compare("dX01", dX01, slope, mistakes, rtol=1e-3, show=False)


@question(
    "One weight: W[1, 2]",
    "Which entries of Y have W[1, 2] in their sum? It is a column of Y: once for each sample.",
    "Sample 0 multiplies W[1, 2] by X[0, 1] and puts it into Y[0, 2]. What does sample 1 do?",
    "X[0, 1] times dY[0, 2], and X[1, 1] times dY[1, 2]. The paths add up.",
)
def one_weight(dW12):
    slope = numerical_gradient(lambda w: np.sum(DY * (X @ w)), W)[1, 2]
    inputs, signals = X[:, 1], DY[:, 2]
    both = "every sample uses this weight, and each use sends something back: add them"
    mistakes = [
        *(Mistake("one sample only", both, x * signal) for x, signal in zip(inputs, signals, strict=True)),
        Mistake("inputs ignored", "this is dY alone; what multiplies the weight in each sample?", 1.0),
        Mistake("upstream ignored", "these are the inputs alone; each is multiplied by its signal", 5.0),
        Mistake("averaged", "no mean is taken here: a weight gets the sum of what its uses send back", 6.5),
        Mistake("counted from 1", "code counts rows and columns from 0", 3.0),
        Mistake("indices exchanged", "the first index is the row of W, the second its column", -7.0),
    ]
    yield compare("dW12", dW12, slope, mistakes, rtol=1e-3, show=False)


@question(
    "The gradient of the bias",
    "How many entries of Y does b[0] stand in, and what upstream do they have?",
    "b[0] is added in column 0 of every row. Each use sends its upstream back, and uses add up.",
    "Add the two rows of dY, entry by entry: three biases, three sums.",
)
def bias(db):
    dY = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    wanted = numerical_gradient(lambda b: np.sum(dY * (np.zeros((2, 3)) + b)), np.zeros(3))
    mistakes = [
        Mistake(
            "wrong axis",
            "these are sums along the rows: one for each sample. There are three biases",
            dY.sum(axis=1),
        ),
        Mistake("averaged", "nobody takes a mean here: 1/N lives in the loss alone", dY.mean(axis=0)),
        Mistake(
            "keepdims",
            "the numbers are right; a gradient has the shape of its variable",
            dY.sum(axis=0, keepdims=True),
        ),
        Mistake("sum forgotten", "this is what comes back along each copy of b", dY),
        Mistake("all in one", "each bias has a column, and so a sum, of its own", dY.sum()),
        Mistake(
            "upstream ignored",
            "this counts how often a bias is used; the uses do not weigh the same",
            np.full(3, 2.0),
        ),
        *(Mistake("one sample only", "the bias is used by both samples", row) for row in dY),
    ]
    yield compare("db", db, wanted, mistakes, show=False)


@question(
    "The backward pass of an affine layer",
    "Write the shape beside each name: dX (N, D), dW (D, M), db (M,), and dY (N, M).",
    "dX is made of dY and W, dW of X and dY: which one has to be turned for the inner sizes to meet?",
    "Look at 4.3 for the two products. For db, along which axis was b repeated?",
    parts=6,
)
def affine_backward(affine_backward):
    for sizes in ((3, 3, 3), (4, 3, 2)):  # equal sizes name a mistake, unequal ones need none of it
        yield from judge_affine(affine_backward, sizes)


def judge_affine(backward, sizes, seed=0):
    """The findings about backward(dY, X, W), for X (N, D) and W (D, M) with sizes (N, D, M)."""
    N, D, M = sizes
    rng = np.random.default_rng((seed, *sizes))
    X, W, b, dY = (rng.normal(size=size) for size in ((N, D), (D, M), M, (N, M)))
    _expect_three(backward(dY, X.copy(), W.copy()))
    for finding in check_gate(YourLayer(backward), X, W, b, seeds=(seed, seed + 1)).findings:
        yield replace(finding, what=f"{finding.what}, {N} samples, {D} → {M}")


def _expect_three(answer):
    """Said before anything is checked, in words that know the function and no layer around it."""
    if not isinstance(returned(answer, "affine_backward"), tuple | list) or len(answer) != 3:
        raise Unusable("affine_backward has to return three arrays: dX, dW, db")


class YourLayer:
    """Y = X W + b, with somebody's backward rule."""

    def __init__(self, rule):
        self._rule = rule

    def forward(self, X, W, b):
        return X @ W + b

    def backward(self, upstream, out, X, W, b):
        return self._rule(upstream, X, W)


@question(
    "(2, 1, 3) stretched to (5, 1, 2, 4, 3)",
    "Write the two shapes below each other, aligned at the right.",
    "An axis without a partner is new. An axis whose partner is 1, but which is longer, was stretched.",
    "Axes 0 and 1 are new, and one more was stretched. A sum along all three: multiply their lengths.",
)
def broadcast(axes, repeats):
    mistakes = [
        Mistake("new axis of length 1 kept", "x has three axes, and the upstream five", [0, 3]),
        Mistake(
            "stretched axis kept", "an axis of length 1 was stretched on the way forward as well", [0, 1]
        ),
        Mistake("new axes kept", "the upstream has two axes that x has not", [3]),
        Mistake(
            "the axes of x",
            "these are the axes along which x was not repeated; they stay as they are",
            [2, 4],
        ),
    ]
    yield compare("axes", _counted_from_0(axes), [0, 1, 3], mistakes, show=False)
    places = numerical_gradient(lambda x: np.sum(np.zeros((5, 1, 2, 4, 3)) + x), np.zeros((2, 1, 3)))
    mistakes = [
        Mistake("stretched axis kept", "each number was repeated along a stretched axis as well", 5),
        Mistake("new axes kept", "each number was repeated along the new axes as well", 4),
        Mistake("added", "a number stands in every block, and at every place of it: these do not add up", 9),
        Mistake("all entries", "these are all numbers; each entry of x has its share", 120),
        Mistake("the size of x", "this is how many sums there are; asked is how long each of them is", 6),
    ]
    yield compare("repeats", repeats, places[0, 0, 0], mistakes, rtol=1e-3, show=False)


def _counted_from_0(axes):
    """Axes in rising order, −1 read as 4; what is not made of whole numbers stays as it is."""
    try:
        return sorted(range(5)[axis] for axis in axes)
    except (TypeError, IndexError):
        return axes
