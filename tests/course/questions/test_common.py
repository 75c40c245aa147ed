"""What many questions share: mistakes told apart, named together, and the likeliest of several first."""

import numpy as np
import pytest

from bplib.check.compare import Mistake
from bplib.course.questions.common import alike, compared, likeliest_first, tell_apart


def slips(x):
    yield Mistake("doubled", "once is enough", 2 * x)
    yield Mistake("squared", "no power is asked", x**2)
    yield Mistake("added to itself", "look at the sum", x + x)
    yield Mistake("turned", "look at the sign", -x)


def test_mistakes_that_give_the_same_are_named_together_and_others_alone():
    found = compared("x", 6.0, 3.0, slips(3.0))
    assert found.mistake == "doubled, or added to itself"
    assert found.advice == "either once is enough; or look at the sum"
    assert compared("x", 9.0, 3.0, slips(3.0)).mistake == "squared"
    assert compared("x", 4.0, 2.0, slips(2.0)).mistake == "doubled, or squared, or added to itself"


@pytest.mark.parametrize(
    "gives", [lambda yours: 6.0, np.nan, [[6.0]], None], ids=["a rule", "nan", "another shape", "nothing"]
)
def test_what_shows_otherwise_than_by_these_numbers_is_not_the_same(gives):
    assert not alike(Mistake("doubled", "…", 6.0), Mistake("other", "…", gives))


def test_two_forms_of_one_mistake_are_one():
    both = [Mistake("doubled", "once is enough", 6.0), Mistake("doubled", "really", 6.0)]
    assert compared("x", 6.0, 3.0, both).advice == "once is enough"


def draw(rng):
    return (float(rng.integers(-2, 4)),)


def known(x):
    yield x, [slip for slip in slips(x) if slip.name != "added to itself"]


@pytest.mark.parametrize("seed", range(20))
def test_numbers_are_drawn_until_all_mistakes_and_what_is_right_differ(seed):
    (x,) = tell_apart(draw, known, np.random.default_rng(seed))
    assert x in (-2.0, 3.0)  # x² is x or 2x at 0, 1 and 2, and −x at −1
    assert tell_apart(draw, known, np.random.default_rng(seed)) == (x,)


def test_where_no_numbers_tell_them_apart_the_last_are_taken():
    asked = []

    def doubled_and_added(x):
        asked.append(x)
        yield x, slips(x)

    assert tell_apart(draw, doubled_and_added, np.random.default_rng(1), tries=4) == (asked[-1],)
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("yours", "order", "silent"),
    [
        ({"a": 4.0, "b": 6.0, "c": 10.0}, ["doubled", "one alone", "turned"], {"one alone": ["a"]}),
        ({"a": 4.0, "b": 3.0, "c": 5.0}, ["one alone", "doubled", "turned"], {"doubled": ["a"]}),
        ({"a": None, "b": -3.0, "c": 1.0}, ["turned", "one alone", "doubled"], {}),
    ],
)
def test_what_explains_more_of_the_results_comes_first_and_speaks_alone(yours, order, silent):
    slips = [
        Mistake("one alone", "…", {"a": 4.0, "b": 3.0, "c": 5.0}),
        Mistake("doubled", "…", {"a": 4.0, "b": 6.0, "c": 10.0}),
        Mistake("turned", "…", {"a": -2.0, "b": -3.0, "c": -5.0}),
    ]
    found = likeliest_first(slips, yours)
    assert [slip.name for slip in found] == order
    for slip, before in ((slip, before) for slip in found for before in slips if slip.name == before.name):
        taken = [key for key in yours if slip.gives[key] is None and before.gives[key] is not None]
        assert taken == silent.get(slip.name, [])


@pytest.mark.parametrize(
    "kept", [tuple, list, lambda gives: dict(enumerate(gives))], ids=["tuple", "list", "dict"]
)
def test_results_may_come_by_place_or_by_name(kept):
    slips = [Mistake("one", "…", kept((5.0, 7.0, 0.0))), Mistake("both", "…", kept((5.0, 6.0, 0.0)))]
    first, second = likeliest_first(slips, {0: 5.0, 1: 6.0, 2: 1.0})
    assert [first.name, second.name] == ["both", "one"]
    assert (first.gives[0], second.gives[0], second.gives[1]) == (5.0, None, 7.0)
