"""Symptoms on a plain page: what it notices of a run, and that it follows the reader without a kernel."""

import math

import pytest

from bplib.widgets.symptoms import Symptoms

PARTS = "five", "loss", "accuracy", "new", "W1", "W2"
RUN = {part: [0.5, 0.125] for part in PARTS} | {"first": 2.3, "ln C": 2.3}
LOST = RUN | {"loss": [1.0, math.nan]}


@pytest.mark.parametrize(
    "other, said",
    [
        ({}, "nothing strikes the eye"),
        ({"first": 17.0}, "the first loss is far from ln C"),
        ({"five": [0.9, 0.5]}, "five samples are not learned"),
        ({"loss": [0.9, None]}, "a number has run away"),
        ({"W1": [0.001, 0.1]}, "the first layer is told next to nothing"),
        ({"accuracy": [0.5, 0.25]}, "new samples are read far worse than known ones"),
    ],
)
def test_a_first_look_says_what_strikes_the_eye(module, other, said):
    assert module("symptoms")("noticed(...xs)", RUN | other) == said


def test_a_reader_chooses_runs_and_an_epoch_and_the_model_knows(view):
    widget = view(Symptoms({"sound": RUN, "wide": RUN | {"first": 17.0}, "lost": LOST}))
    rows = widget.locator(".numbers tr").all_inner_texts()
    assert rows[0].split("\t")[1:] == ["sound", "wide"]
    assert "wide: the first loss is far from ln C." in widget.locator(".words").inner_text()
    widget.get_by_role("button", name="lost", exact=True).last.click()
    widget.page.wait_for_function("() => document.querySelector('.words').innerText.includes('run away')")
    widget.get_by_role("slider", name="epoch").press("Home")
    assert widget.evaluate("e => [e.model.get('right'), e.model.get('epoch')]") == ["lost", 1]
