"""Right and wrong answers to the self-checks of lesson 4; the rules they obey stand in test_questions.py."""

import numpy as np
import pytest

import bplib as bp
from bplib.course.questions import affine_batch

ROW, ZEROS = [2, 1, 3, 2], [0, 0, 0, 0]
DY = [[1, 2, 3], [4, 5, 6]]


def by_products(dY, X, W):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def by_loops(dY, X, W):
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n, j in np.ndindex(dY.shape):
        db[j] += dY[n, j]
        for k in range(len(W)):
            dX[n, k] += dY[n, j] * W[k, j]
            dW[k, j] += X[n, k] * dY[n, j]
    return dX, dW, db


def by_einsum(dY, X, W):
    return [np.einsum("nm,dm->nd", dY, W), np.einsum("nd,nm->dm", X, dY), np.einsum("nm->m", dY)]


def by_the_library(dY, X, W):
    return bp.affine.backward(dY, None, X, W, np.zeros(W.shape[1]))


def with_dX(dX):
    return lambda dY, X, W: (dX(dY, X, W), X.T @ dY, dY.sum(axis=0))


def with_dW(dW):
    return lambda dY, X, W: (dY @ W.T, dW(dY, X), dY.sum(axis=0))


def with_db(db):
    return lambda dY, X, W: (dY @ W.T, X.T @ dY, db(dY))


# question, a right answer in one or more styles
RIGHT = [
    (affine_batch.entries_reached, (4,)),
    (affine_batch.entries_reached, (np.float64(4.0),)),
    (affine_batch.one_entry, ([ROW, ZEROS], 16)),
    (affine_batch.one_entry, (np.array([ROW, ZEROS]), 2 * 2 + 3 * 1 - 3 * 3 + 9 * 2.0)),
    (affine_batch.one_weight, (13,)),
    (affine_batch.one_weight, (1 * -3 + 4 * 4.0,)),
    (affine_batch.bias, ([5, 7, 9],)),
    (affine_batch.bias, (np.array(DY).sum(axis=0),)),
    (affine_batch.bias, ((1 + 4, 2 + 5, 3 + 6.0),)),
    *((affine_batch.affine_backward, (rule,)) for rule in (by_products, by_loops, by_einsum, by_the_library)),
    (affine_batch.broadcast, ([0, 1, 3], 20)),
    (affine_batch.broadcast, ((3, 0, 1), np.int64(20))),
    (affine_batch.broadcast, (np.array([-5, -4, -2]), 5 * 1 * 4.0)),
]

# question, a wrong answer, the name of the mistake
WRONG = [
    (affine_batch.entries_reached, (1,), "one entry only"),
    (affine_batch.entries_reached, (8,), "all entries"),
    (affine_batch.entries_reached, (2,), "a column"),
    (affine_batch.entries_reached, (3,), "the size of X"),
    (affine_batch.one_entry, ([ROW, ROW], 16), "both rows"),
    (affine_batch.one_entry, ([ZEROS, ROW], 16), "row of the other sample"),
    (affine_batch.one_entry, ([[3, 2, 1, -1], ZEROS], 16), "wrong row of W"),
    (affine_batch.one_entry, ([[3, 2, 1, -2], ZEROS], 16), "wrong row of W"),
    (affine_batch.one_entry, ([[4, 3, -9, 18], ZEROS], 16), "upstream in the slice"),
    (affine_batch.one_entry, (ROW, 16), "row alone"),
    (affine_batch.one_entry, ([ROW, ZEROS], 8), "upstream ignored"),
    (affine_batch.one_entry, ([ROW, ZEROS], 11), "slice ignored"),
    (affine_batch.one_entry, ([ROW, ZEROS], 16 - 16 + 1 + 12 + 12), "both rows"),
    (affine_batch.one_entry, ([ROW, ZEROS], -16 + 1 + 12 + 12), "row of the other sample"),
    (affine_batch.one_entry, ([ROW, ZEROS], 3), "one path only"),
    (affine_batch.one_weight, (-3,), "one sample only"),
    (affine_batch.one_weight, (16,), "one sample only"),
    (affine_batch.one_weight, (1,), "inputs ignored"),
    (affine_batch.one_weight, (5,), "upstream ignored"),
    (affine_batch.one_weight, (6.5,), "averaged"),
    (affine_batch.one_weight, (3,), "counted from 1"),
    (affine_batch.one_weight, (-7,), "indices exchanged"),
    (affine_batch.bias, ([6, 15],), "wrong axis"),
    (affine_batch.bias, ([2.5, 3.5, 4.5],), "averaged"),
    (affine_batch.bias, ([[5, 7, 9]],), "keepdims"),
    (affine_batch.bias, (DY,), "sum forgotten"),
    (affine_batch.bias, (21,), "all in one"),
    (affine_batch.bias, ([2, 2, 2],), "upstream ignored"),
    (affine_batch.bias, ([1, 2, 3],), "one sample only"),
    (affine_batch.bias, ([4, 5, 6],), "one sample only"),
    (affine_batch.affine_backward, (with_dX(lambda dY, X, W: dY @ W),), "W for Wᵀ"),
    (affine_batch.affine_backward, (lambda *_: by_products(np.ones((3, 3)), *_[1:]),), "upstream ignored"),
    (affine_batch.affine_backward, (with_db(lambda dY: dY.sum(axis=0, keepdims=True)),), "keepdims"),
    (affine_batch.affine_backward, (with_db(lambda dY: dY),), "sum forgotten"),
    (affine_batch.affine_backward, (with_db(lambda dY: dY.sum(axis=1)),), "wrong axis"),
    (affine_batch.broadcast, ([0, 3], 20), "new axis of length 1 kept"),
    (affine_batch.broadcast, ([0, 1], 20), "stretched axis kept"),
    (affine_batch.broadcast, ([3], 20), "new axes kept"),
    (affine_batch.broadcast, ([2, 4], 20), "the axes of x"),
    (affine_batch.broadcast, ([0, 1, 3], 5), "stretched axis kept"),
    (affine_batch.broadcast, ([0, 1, 3], 4), "new axes kept"),
    (affine_batch.broadcast, ([0, 1, 3], 9), "added"),
    (affine_batch.broadcast, ([0, 1, 3], 120), "all entries"),
    (affine_batch.broadcast, ([0, 1, 3], 6), "the size of x"),
]


def writes_into_the_upstream(dY, X, W):
    answer = by_products(dY, X, W)
    dY *= 2
    return answer


NAMED_BY_THE_CHECK_OF_GATES = {
    "transposed": with_dW(lambda dY, X: dY.T @ X),
    "upstream transposed": with_dX(lambda dY, X, W: dY.T @ W.T),
    "factors exchanged": with_dX(lambda dY, X, W: W.T @ dY),
    "averaged instead of summed": with_db(lambda dY: dY.mean(axis=0)),
    "extra 1/N": with_dW(lambda dY, X: X.T @ dY / len(X)),
    "all zero": with_dX(lambda dY, X, W: np.zeros(X.shape)),
    "sign": with_dX(lambda dY, X, W: -dY @ W.T),
    "argument changed in place": writes_into_the_upstream,
}


@pytest.mark.parametrize(
    ("mistake", "rule"), NAMED_BY_THE_CHECK_OF_GATES.items(), ids=list(NAMED_BY_THE_CHECK_OF_GATES)
)
def test_a_mistake_in_the_layer_that_the_course_warns_of_is_named(mistake, rule):
    report = affine_batch.affine_backward(rule)
    assert report.verdict == "not yet"
    assert mistake in report.mistakes


def test_a_rule_for_square_matrices_only_does_not_pass():
    report = affine_batch.affine_backward(
        lambda dY, X, W: by_products(dY, X, W) if X.shape == W.shape else [0, 0, 0]
    )
    assert [finding.ok for finding in report.findings] == [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    ("answer", "says"),
    [(None, "affine_backward returned nothing"), ((1, 2), "affine_backward has to return three arrays")],
    ids=["nothing", "two arrays"],
)
def test_a_rule_that_does_not_return_three_arrays_is_told_so_in_its_own_name(answer, says):
    (finding,) = affine_batch.affine_backward.findings(lambda dY, X, W: answer)
    assert not finding.ok
    assert says in finding.says


def test_axes_in_words_are_no_numbers_and_nothing_raises():
    for axes in (["new"], "all", 3, [7]):
        assert affine_batch.broadcast(axes, 20).verdict == "not yet"
