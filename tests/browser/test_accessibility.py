"""axe-core over every widget and card, in light and in dark: WCAG 2.2, levels A and AA."""

import numpy as np
import pytest

import bplib as bp
from bplib.check.report import Finding, Report
from tests.browser.axe import violations
from tests.widgets.catalogue import NAMES

THEMES = {"light": "#ffffff", "dark": "#111111"}  # and the colour of the page around
EVERY_THEME = pytest.mark.parametrize("theme", THEMES)


def squared_sum(x, W):
    return ((x @ W) ** 2).sum()


def fork(a, b):
    return (a + b) * (b + 1)


PARTS = "five", "loss", "accuracy", "new", "W1", "W2"
RUN = {part: [0.9, 0.5] for part in PARTS} | {"first": 2.3, "ln C": 2.3}

# Every widget, and those that have more to show in another state.
SHOWN = {
    "Stepper": lambda: bp.Stepper(fork, a=2, b=-1),
    "Stepper, run": lambda: bp.Stepper(fork, a=2, b=-1, step=-1, detail="copies"),
    "Stepper, guessing": lambda: bp.Stepper(fork, a=2, b=-1, step=6, predict=True),
    "Stepper of arrays": lambda: bp.Stepper(squared_sum, x=[1.0, 2.0], W=np.ones((2, 3)), step=-1),
    "Nudge": lambda: bp.Nudge(bp.sigmoid, z=1.0),
    "Playground": lambda: bp.Playground("multiply"),
    "BranchSplitter": lambda: bp.BranchSplitter(fork, a=2, b=1),
    "JacobianExplorer": lambda: bp.JacobianExplorer(bp.softmax, np.array([1.0, 2.0, 3.0])),
    "MatrixBackprop": lambda: bp.MatrixBackprop(np.eye(2, 3), np.ones((3, 4)), np.ones((2, 4)), np.ones(4)),
    "SoftmaxLoss": bp.SoftmaxLoss,
    "MLPWalker": bp.MLPWalker,
    "MLPWalker, halfway": lambda: bp.MLPWalker(step=4),
    "MLPWalker, walked": lambda: bp.MLPWalker(step=-1, form="code"),
    "DeepSignals": bp.DeepSignals,
    "Symptoms": lambda: bp.Symptoms({"sound": RUN, "uphill": RUN | {"loss": [2.3, np.inf]}}),
    "SlidingKernel": lambda: bp.SlidingKernel(np.eye(4), np.ones((2, 3)), step=3),
    "AttentionRows": lambda: bp.AttentionRows(np.eye(3), np.eye(3), np.ones((3, 2)), causal=True),
    "AttentionRows of many": lambda: bp.AttentionRows(np.eye(12), np.eye(12), np.eye(12) / 3),
    "AttentionRows, back": lambda: bp.AttentionRows(np.eye(3), np.eye(3), np.ones((3, 2)), back=True),
    "TrainingView": lambda: bp.TrainingView(bp.MLP((2, 8, 2)), *bp.moons()[:2]),
}
CARDS = {
    "right": Report("The slope of x²", (Finding("dx", True, "agrees"),)),
    "not yet": Report(
        "The slope of x²",
        (
            Finding("dx", True, "agrees"),
            Finding("dy", False, "yours 3, expected 6", "factor 2", "a 2 is lost"),
        ),
        "The derivative of x² is 2x.",
        ("Nudge it in your head.",),
    ),
}


def test_every_widget_is_asked():
    assert {name.split(",")[0].split(" of ")[0] for name in SHOWN} == {*NAMES}


@EVERY_THEME
@pytest.mark.parametrize("width", [1280, 380])
@pytest.mark.parametrize("name", SHOWN)
def test_a_widget_is_open_to_everyone(view, name, theme, width):
    widget = view(SHOWN[name]())
    page = widget.page
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(
        """([theme, colour]) => {
            document.title = "A widget";
            document.documentElement.lang = "en";
            document.body.dataset.jpThemeLight = theme === "light";
            document.documentElement.dataset.theme = theme;
            document.body.style.background = colour;
            document.querySelectorAll("details").forEach((fold) => (fold.open = true));
        }""",
        [theme, THEMES[theme]],
    )
    assert violations(page) == []


@EVERY_THEME
@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_open_to_everyone(chromium, name, theme):
    page = chromium.new_page(viewport={"width": 380, "height": 900})
    ink = {"light": "#1f2328", "dark": "#eceff2"}[theme]
    style = f"background: {THEMES[theme]}; color: {ink}"
    card = CARDS[name]._repr_html_().replace("<details", "<details open")
    page.set_content(
        f'<!doctype html><html lang="en"><title>card</title><body style="{style}"><main>{card}</main></body>'
    )
    found = violations(page)
    page.close()
    assert found == []
