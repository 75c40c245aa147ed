"""Symptoms: what it sends, what it says on paper, and what it cannot show."""

import math

import pytest

import bplib as bp
from bplib.widgets.symptoms import symptoms_data

PARTS = ("five", "loss", "accuracy", "new", "W1", "W2")


def run(last, epochs=3, **other):
    return {part: [0.9] * (epochs - 1) + [last] for part in PARTS} | {"first": 2.5, "ln C": 2.3} | other


def test_numbers_that_have_run_away_are_sent_as_gaps():
    data = symptoms_data({"a": run(0.1), "b": run(math.inf, first=math.nan)})
    assert data["runs"]["b"]["loss"] == [0.9, 0.9, None]
    assert data["runs"]["b"]["first"] is None
    assert data["start"] == {"left": "a", "right": "b", "epoch": 3}


@pytest.mark.parametrize("last", [0.125, 0.5, 0.75])
def test_the_picture_says_the_numbers_of_both_runs(last):
    bundle = bp.Symptoms({"sound": run(0.25), "mine": run(last)}, epoch=3).still()
    assert {"image/svg+xml", "image/png", "text/plain"} <= set(bundle)
    assert f"mine: first loss 2.50 beside ln C = 2.30; five samples end at {last:.2f}" in bundle["text/plain"]


def test_a_run_whose_numbers_are_all_gone_has_a_picture_too():
    gone = {part: [math.nan] * 3 for part in PARTS} | {"first": math.nan, "ln C": 2.3}
    bundle = bp.Symptoms({"sound": gone, "mine": gone}).still()
    assert "mine: first loss –" in bundle["text/plain"]


@pytest.mark.parametrize(
    "given, said",
    [
        ({"runs": {"a": run(1)}}, "two runs or more"),
        ({"runs": [run(1), run(2)]}, "two runs or more"),
        ({"runs": {"a": run(1), "b": {"loss": [1]}}}, "'b' lacks first, ln C, five"),
        ({"runs": {"a": run(1), "b": 3}}, "'b' lacks first"),
        ({"runs": {"a": run(1), "b": run(1, 4)}}, "equally many epochs; got [3, 4]"),
        ({"runs": {"a": run(1), "b": run(1)}, "left": "c"}, "left is one of a, b; got 'c'"),
        ({"runs": {"a": run(1), "b": run(1)}, "epoch": 4}, "from 1 to 3; got 4"),
    ],
)
def test_what_cannot_be_shown_is_said_in_its_place(given, said):
    with pytest.raises(bp.InputError, match="Symptoms: ") as raised:
        symptoms_data(**given)
    assert said in str(raised.value)
    assert said in bp.Symptoms(**given).data["message"]
