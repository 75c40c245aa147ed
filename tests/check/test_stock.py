"""The common stock: each slip is known by what it computes, and nothing is said of what is right."""

import numpy as np
import pytest

from bplib.check.compare import compare
from bplib.check.stock import usual_slips

U = np.array([[1.5, -2.0, 0.7, 2.2], [0.3, 2.5, -1.1, -0.4], [2.1, 0.9, 1.7, -1.3]])
X = np.array([[0.5, 1.2, -0.8, 2.4], [2.2, -1.9, 0.4, -0.7], [-0.6, 1.1, 3.0, 1.6]])
S = 1 / (1 + np.exp(-X))
D = S * (1 - S)
TERM, OTHER = U * D, X**2

PRODUCT = (
    ("factor left out", D),
    ("factor used twice", U * U * D),
    ("divided instead of multiplied", D / U),
    ("added instead of multiplied", D + U),
    ("subtracted instead of multiplied", D - U),
    ("one factor alone", U),
    ("sign lost", np.abs(U) * D),
    ("cut off at 0", np.maximum(U, 0) * D),
    ("summed up too early", U.sum() * D),
    ("slope left out", U),
    ("slope used twice", U * D * D),
    ("slope taken at the output", U / (1 + np.exp(-S)) * (1 - 1 / (1 + np.exp(-S)))),
    ("output and input mixed up", U * X * (1 - X)),
    ("value for slope", U * S),
    ("one factor of the slope", U * (1 - S)),
    ("sign inside the slope", U * S * (1 + S)),
    ("another function's slope", U * (1 - S * S)),
    ("another function's slope", U * (X > 0)),
    ("another factor", 7 * D),
    ("another value", np.cos(X)),
)
WHOLE = (
    ("all zero", 0 * U),
    ("sign", -U),
    ("transposed", U.T),
    ("factor 2", 2 * U),
    ("keepdims", U[None]),
    ("shape not undone", U.ravel()),
    ("constant factor", 0.3 * U),
    ("absolute value", np.abs(U)),
    ("squared", U * U),
    ("upside down", 1 / U),
    ("exponential", np.exp(U)),
    ("off by one", U + 1),
    ("1 minus it", 1 - U),
    ("in percent", 100 * U),
    ("summed up", U.sum(axis=1)),
    ("averaged", U.mean(axis=0, keepdims=True)),
    ("largest only", U.max()),
    ("only a part", U[:2]),
    ("entries in another order", np.roll(U, 1, axis=1)),
    ("a number too much", U + 0.123),
    ("a factor for each row", U * [[1.5], [2.5], [0.7]]),
    ("a factor for each column", U * [1.5, 2.5, 0.7, 3.0]),
    ("a number for each row", U + np.array([[1.5], [2.5], [0.7]])),
    ("nearly right", U + 1e-4 * X),
    ("right in places", np.where(U > -1.2, U, 17.0)),
)
SUM = (
    ("term left out", OTHER),
    ("one term alone", TERM),
    ("sign of a term", OTHER - TERM),
    ("term counted twice", OTHER + 2 * TERM),
    ("factor 2 in a term", OTHER + TERM / 2),
    ("multiplied instead of added", OTHER * TERM),
    ("averaged", (OTHER + TERM) / 2),
)
STEP = (("bracket forgotten", U * 0.01**2), ("divided by the step twice", U / 0.01))
AROUND = {
    "slopes": {"σ": ("sigmoid", X)},
    "factors": {"upstream": U},
    "instead": {"u": (U, (7.0,))},
    "values": {"cos x": np.cos(X)},
}


def named(wanted, wrong, **known):
    return compare("it", wrong, wanted, usual_slips(wanted, **known)).mistake


@pytest.mark.parametrize(
    ("name", "wrong"), PRODUCT, ids=[f"{i} {name}" for i, (name, _) in enumerate(PRODUCT)]
)
def test_a_slip_in_a_product_is_called_by_its_name(name, wrong):
    told = named(U * D, wrong, **AROUND)
    assert told == name or {told, name} == {"slope left out", "one factor alone"}


@pytest.mark.parametrize(("name", "wrong"), SUM, ids=dict(SUM))
def test_a_slip_in_a_sum_is_called_by_its_name(name, wrong):
    assert named(TERM + OTHER, wrong, terms={"one": TERM, "other": OTHER}) in (name, "one term alone")


@pytest.mark.parametrize(("name", "wrong"), STEP, ids=dict(STEP))
def test_a_slip_in_a_difference_is_called_by_its_name(name, wrong):
    assert named(U, wrong, step=0.01) == name


@pytest.mark.parametrize(("name", "wrong"), WHOLE, ids=dict(WHOLE))
def test_what_was_done_to_a_right_answer_is_called_by_its_name(name, wrong):
    assert named(U, wrong) == name


@pytest.mark.parametrize("seed", range(3))
def test_of_numbers_that_have_nothing_to_do_with_the_right_ones_nothing_is_said(seed):
    rng = np.random.default_rng(seed)
    right, unrelated = rng.normal(size=(2, 3, 4))
    assert named(right, unrelated) == ""
    assert named(U * D, unrelated, **AROUND) == ""
    assert named(right[0, 0], unrelated[0, 0]) == ""


@pytest.mark.parametrize("wanted", [U, 2.5, np.array([3.0]), np.zeros((2, 2)), np.arange(3.0)], ids=np.shape)
def test_the_right_answer_is_right_and_left_as_it_was(wanted):
    before = np.array(wanted)
    assert compare("it", np.array(wanted), wanted, usual_slips(wanted, factors={"2": 2.0})).ok
    assert np.array_equal(before, wanted)


def test_no_sentence_has_a_gap_in_it():
    for slip in usual_slips(U * D, **AROUND, terms={"one": TERM, "other": OTHER}, step=0.1, shapes=[(3, 4)]):
        assert "{" not in slip.advice and slip.name and slip.advice
