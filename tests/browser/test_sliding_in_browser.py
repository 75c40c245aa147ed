"""SlidingKernel on a plain page: its numbers are Python's, and it follows the reader without a kernel."""

import re

import numpy as np
import pytest

from bplib.widgets.sliding import SlidingKernel, slid, sliding_data

X = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, -1.0, 1.0]])
K = np.array([[1.0, -1.0], [2.0, 0.0]])
DY = np.array([[1.0, 2.0], [-1.0, 1.0]])


@pytest.mark.parametrize("stride, padding, step", [(1, 0, 0), (1, 0, 3), (2, 1, 4), (3, 2, 2), (1, 2, 99)])
def test_both_find_the_same_tables(module, stride, padding, step):
    image, kernel = np.arange(20.0).reshape(4, 5) ** 2 - 7, np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    data = sliding_data(image, kernel)
    state = {"stride": stride, "padding": padding, "step": step}
    found = module("sliding")("slid(...xs)", data, state)
    for name, table in slid(data["X"], data["K"], data["dY"], stride, padding, step).items():
        np.testing.assert_allclose(found[name], table, rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.fixture
def sliding(view):
    return view(SlidingKernel(X, K, DY))


def named(widget, name):
    caption = widget.page.locator("caption").filter(has_text=re.compile(f"^{name}"))
    return widget.locator("table").filter(has=caption)


def lit(widget, name):
    return named(widget, name).locator(".lit").all_text_contents()


def words(widget):
    return widget.locator(".words").inner_text()


def test_an_entry_of_y_lights_its_window_and_all_weights_and_spells_its_sum(sliding):
    assert lit(sliding, "X") == []
    named(sliding, "Y").locator("td").filter(has_text="4").first.click()
    assert lit(sliding, "X") == ["2", "0", "1", "3"]
    assert lit(sliding, "K") == ["1", "−1", "2", "0"]
    assert "Y[0, 1] = Σ window · K = 2 · 1 + 0 · (−1) + 1 · 2 + 3 · 0 = 4" in words(sliding)
    assert sliding.evaluate("({ model }) => model.get('step')") == 2


def test_the_way_back_adds_up_place_after_place(sliding):
    forward = sliding.get_by_role("button", name="One step forward")
    forward.click()
    assert named(sliding, "dX").locator("tbody td").all_text_contents() == ["1", "−1", "0", "2", *"00000"]
    for _ in range(3):
        forward.click()
    assert named(sliding, "dX").locator("tbody td").all_text_contents() == "1 1 −2 1 6 −1 −2 2 0".split()
    assert named(sliding, "dK").locator("tbody td").all_text_contents() == "6 4 −1 9".split()


def test_stride_and_padding_make_another_number_of_places_and_begin_anew(sliding):
    sliding.get_by_role("button", name="Show all").click()
    sliding.get_by_role("slider", name="padding").fill("1")
    assert named(sliding, "Y").locator("tbody td").count() == 16
    assert "0 of 16 places" in sliding.inner_text()
    sliding.get_by_role("slider", name="stride").fill("2")
    assert named(sliding, "Y").locator("tbody td").count() == 4


def test_the_keyboard_walks_through_y(sliding):
    named(sliding, "Y").locator("[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight"):
        sliding.page.keyboard.press(key)
    assert "Y[1, 1]" in words(sliding)


def test_what_cannot_be_shown_is_said_and_nothing_else(view):
    widget = view(SlidingKernel(K, X))
    assert "has to fit" in widget.inner_text() and widget.locator("table").count() == 0
