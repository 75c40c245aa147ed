"""AttentionRows on a plain page: its numbers are Python's, and it follows the reader without a kernel."""

import re

import numpy as np
import pytest

from bplib.widgets.attention import AttentionRows, attended, attention_data
from tests.widgets.test_attention_rows import DO, K, Q, V

FROM_JS = "Object.entries(attended(...xs)).map(([name, M]) => [name, M.map((row) => row.map(String))])"


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("sharpness", [1.0, 0.0, 4.0])
def test_both_find_the_same_matrices(module, causal, sharpness, rng):
    given = [rng.normal(size=shape) for shape in ((4, 3), (5, 3), (5, 2), (4, 2))]
    data = attention_data(*given)
    found = dict(module("attention")(FROM_JS, data, {"causal": causal, "sharpness": sharpness}))
    for name, wanted in attended(*given, causal, sharpness).items():
        if name in found:  # what is given is not computed
            ours = np.array([[float(x.replace("Infinity", "inf")) for x in row] for row in found[name]])
            np.testing.assert_allclose(ours, wanted, rtol=1e-11, atol=1e-13, err_msg=name)
    assert {"S", "A", "O", "dA", "dS", "dQ", "dK", "dV"} <= set(found)


@pytest.fixture
def attention(view):
    return view(AttentionRows(Q, K, V, DO, queries=["who", "looks", "where"]))


def named(widget, name):
    caption = widget.page.locator("caption").filter(has_text=re.compile(f"^{name}"))
    return widget.locator("table").filter(has=caption)


def lit(widget, name):
    return named(widget, name).locator(".lit").all_text_contents()


def words(widget):
    return widget.locator(".words").inner_text()


def test_whoever_the_mouse_is_over_asks_and_its_row_and_the_values_that_it_sees_light_up(attention):
    assert lit(attention, "A, the weights") == ["0.49", "0.029", "0.49"]
    attention.get_by_role("button", name="where").hover()
    assert lit(attention, "A, the weights") == ["0.33"] * 3
    assert lit(attention, "O = A V") == ["5.00", "5.00", "2.00"]
    assert "O[where] = 0.33 · V[who] + 0.33 · V[looks] + 0.33 · V[where]" in words(attention)
    assert attention.evaluate("({ model }) => model.get('query')") == 2


def test_the_keyboard_chooses_a_query_by_its_button_and_in_a_table(attention):
    attention.get_by_role("button", name="looks").focus()
    attention.page.keyboard.press("Enter")
    assert words(attention).startswith("looks asks")
    named(attention, "S, the scores").locator("[tabindex='0']").focus()
    attention.page.keyboard.press("ArrowDown")
    assert words(attention).startswith("where asks")


def test_the_mask_hides_what_comes_later_and_says_so(attention):
    attention.get_by_role("checkbox", name="causal").check()
    assert lit(attention, "S, the scores")[1:] == ["−∞", "−∞"]
    assert lit(attention, "V, the values") == ["10", "0", "1"]
    assert "2 of 3" in words(attention)


def test_at_sharpness_0_all_get_the_plain_mean_and_at_4_a_query_looks_up(attention):
    attention.get_by_role("slider", name="sharpness").fill("0")
    assert lit(attention, "A, the weights") == ["0.33"] * 3
    attention.get_by_role("slider", name="sharpness").fill("4")
    assert lit(attention, "A, the weights")[1] == "6.1e−6"


def test_the_way_back_is_shown_in_place_of_the_way_forth_and_its_rows_add_up_to_0(attention):
    attention.get_by_role("button", name="back").click()
    assert not named(attention, "A, the weights").is_visible()
    assert named(attention, "dQ").is_visible() and named(attention, "dK").is_visible()
    assert "dV[who] = 0.49 · dO[who] + 0.33 · dO[where] + 0.029 · dO[looks]" in words(attention)
    assert "adds up to 0.00" in words(attention)


def test_what_cannot_be_shown_is_said_and_nothing_else(view):
    widget = view(AttentionRows(Q, K, V[:2]))
    assert "are needed" in widget.inner_text() and widget.locator("table").count() == 0
