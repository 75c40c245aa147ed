"""SoftmaxLoss in a browser: its arithmetic held equal to bplib's, and what a reader does and sees."""

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.softmax import SoftmaxLoss
from tests.browser.conftest import keeps_its_keys

ROWS = [
    (0.3, 2.9, 4.0),
    (1010.0, 1000.0, 990.0),
    (-1000.0, -1000.0),
    (12.0, 0.0, -12.0),
    (0.0, 1500.0, -1500.0, 3.0),
    *np.random.default_rng(5).normal(scale=4.0, size=(6, 5)).tolist(),
]


@pytest.fixture
def widget(view):
    return view(SoftmaxLoss())


def gradients(widget):
    return widget.locator(".amount span.gradient").all_text_contents()


def scores(widget):
    return widget.evaluate("widget => widget.model.get('z')")


@pytest.mark.parametrize("z", ROWS, ids=range(len(ROWS)))
def test_the_browser_computes_what_bplib_computes(module, z):
    row, t = np.array(z), len(z) - 1
    y, found = module("softmax")("[softmax(xs[0]), softmaxLoss(...xs)]", list(z), t)
    assert y == pytest.approx(bp.softmax.forward(row), rel=1e-13, abs=1e-300)
    assert found["loss"] == pytest.approx(bp.softmax_with_loss.forward(row, t), rel=1e-13)
    gradient = bp.vjp(lambda z: bp.softmax_with_loss(z, t), row, 1.0)
    assert found["gradient"] == pytest.approx(gradient, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("z", [(12.0, 0.0, -12.0), (0.3, 2.9, 4.0)], ids=["hidden", "harmless"])
def test_the_guarded_logarithm_is_what_bplib_finds_for_it(module, z):
    def guarded(z):
        return -bp.log((bp.softmax(z) * np.eye(3)[2]).sum() + 1e-7)

    row = np.array(z)
    found = module("softmax")("guardedLoss(...xs)", list(z), 2)
    assert found["loss"] == pytest.approx(bp.record(guarded, z=row).output, rel=1e-12)
    assert found["gradient"] == pytest.approx(bp.grad(guarded)(row), rel=1e-9, abs=1e-15)


def test_at_first_sight_the_pushes_stand_beside_the_scores(widget):
    assert gradients(widget) == ["0.0182", "−0.7548", "0.7366"]
    assert widget.get_by_role("group", name="class 1").get_by_text("pulled up").is_visible()
    words = widget.locator(".words").inner_text()
    assert "−log 0.2452 = 1.4057" in words
    assert "0.0182 − 0.7548 + 0.7366 = 0" in words
    assert widget.locator("details[open]").count() == 0


def test_a_slider_and_the_true_class_change_the_gradient_by_the_keyboard(widget):
    slider = widget.get_by_role("slider", name="z₂")
    slider.press("ArrowLeft")
    assert scores(widget) == [0.3, 2.9, pytest.approx(3.9)]
    assert keeps_its_keys(slider)
    widget.get_by_role("radio", name="class 1 is true").press("ArrowDown")
    assert widget.evaluate("widget => widget.model.get('t')") == 2
    expected = bp.grad(lambda z: bp.softmax_with_loss(z, 2))(np.array([0.3, 2.9, 3.9]))
    assert gradients(widget) == [f"{x:.4f}".replace("-", "−") for x in expected]


def test_scores_of_a_thousand_break_the_naive_way_and_not_the_other(widget):
    widget.get_by_role("combobox", name="Try").select_option(label="too large: 1010, 1000, 990")
    naive, stable = (widget.get_by_role("table", name=name) for name in ("naive", "stable"))
    assert naive.locator("td", has_text="nan").count() == 3
    assert naive.locator("td", has_text="∞").count() == 3
    assert stable.locator("tbody tr").nth(1).inner_text().split() == [
        "class",
        "1",
        "−10.00",
        "4.5e−5",
        "4.5e−5",
    ]
    assert "∞ / ∞ is nan" in widget.inner_text()


def test_a_shift_changes_the_scores_and_not_y(widget):
    before = widget.locator(".amount span.value").all_text_contents()
    widget.get_by_role("slider", name="c").fill("5")
    assert "5.30, 7.90, 9.00" in widget.inner_text()
    assert widget.locator(".amount span.value").all_text_contents() == before
    widget.get_by_role("checkbox", name="sliders to ±1500").check()
    widget.get_by_role("slider", name="c").fill("1000")
    assert widget.locator(".amount span.value").all_text_contents() == before


def test_the_guard_of_the_logarithm_hides_the_worst_mistake(widget):
    widget.get_by_role("combobox", name="Try").select_option(label="a tiny y: 12, 0, −12")
    assert "Loss 16.1177 in place of 24.0000, pull −3.8e−4 in place of −1.00." in widget.inner_text()
    widget.get_by_role("combobox", name="Try").select_option(label="the start")
    assert widget.locator("details[open]").count() == 0
    assert scores(widget) == [0.3, 2.9, 4.0]


def test_python_can_set_the_state_and_a_message_stands_alone(widget, view):
    widget.evaluate("widget => widget.model.set('t', 0)")
    assert gradients(widget)[0] == "−0.9818"
    said = view(SoftmaxLoss(t=7)).last
    assert said.get_by_role("status").inner_text().startswith("SoftmaxWithLoss: t must be a class index")
    assert not said.get_by_role("slider").first.is_visible()
