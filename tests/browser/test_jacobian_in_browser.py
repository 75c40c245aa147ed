"""The JacobianExplorer on a plain page: choosing with mouse and keys, v by hand, and how large J would be."""

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.jacobian import JacobianExplorer

X, V = np.array([1.0, -2.0, 3.0, -1.0]), np.array([4.0, -1.0, 5.0, 9.0])


@pytest.fixture
def relu(view):
    return view(JacobianExplorer(bp.relu, X, V))


def words(widget):
    return widget.locator(".words").inner_text()


def product(widget):
    return widget.locator("tfoot td").all_text_contents()


def test_it_starts_with_the_sum_of_the_first_input(relu):
    assert product(relu) == ["4", "0", "5", "0"]
    assert "∂loss/∂x[0] = 4 · 1 + (−1) · 0 + 5 · 0 + 9 · 0 = 4" in words(relu)
    assert "diagonal: 2 of 16 entries are not 0" in relu.inner_text()


def test_a_pressed_input_lights_its_column_and_a_pressed_output_its_row(relu):
    relu.get_by_role("columnheader", name="x[2]").click()
    assert relu.locator(".lit").all_text_contents() == ["0", "0", "1", "0"]
    assert "5 · 1" in words(relu)
    relu.get_by_role("rowheader", name="y[1]").click()
    assert relu.locator(".lit").all_text_contents() == ["0"] * 4
    assert words(relu).startswith("The row of y[1]")


def test_arrow_keys_walk_from_the_inputs_into_the_entries(relu):
    relu.locator("[tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"):
        relu.page.keyboard.press(key)
    assert words(relu).startswith("∂y[2]/∂x[2] = 1.00, and it sends 5.00 · 1.00 = 5.00 back to x[2].")
    assert relu.locator("[aria-selected='true']").all_text_contents() == ["1"]
    assert relu.locator("[tabindex='0']").count() == 1
    for _ in range(9):
        relu.page.keyboard.press("ArrowLeft")
    assert words(relu).startswith("The row of y[2]")


def test_v_is_typed_and_jacobian_transpose_v_follows(relu):
    relu.get_by_role("spinbutton", name="v for y[2]").fill("-2.5")
    assert product(relu) == ["4.00", "0.00", "−2.50", "0.00"]
    relu.get_by_role("spinbutton", name="v for y[2]").fill("")
    assert product(relu) == ["4.00", "0.00", "−2.50", "0.00"]
    relu.get_by_role("button", name="reset v").click()
    assert product(relu) == ["4", "0", "5", "0"]


def test_a_v_that_picks_one_output_brings_its_row(view):
    widget = view(JacobianExplorer(bp.softmax, np.array([1.0, 2.0, 3.0])))
    widget.get_by_role("rowheader", name="y[1]").click()
    widget.get_by_role("button", name="v picks y[1]").click()
    assert product(widget) == widget.locator("tbody tr").nth(1).locator("td.local").all_text_contents()
    assert "one backward sweep brings one row of J" in words(widget)
    assert widget.evaluate("({ model }) => model.get('v')") == [0, 1, 0]


def test_v_set_in_python_moves_the_numbers(relu):
    relu.evaluate("({ model }) => model.set('v', [1, 1, 1, 1])")
    assert product(relu) == ["1", "0", "1", "0"]


def test_a_large_jacobian_shows_signs_and_says_the_chosen_number(view):
    x = np.linspace(-1, 1, 20)
    widget = view(JacobianExplorer(bp.softmax, x))
    widget.locator("tbody tr").nth(3).locator("td").nth(3).click()
    assert widget.locator("tbody tr").nth(3).locator("td").nth(3).get_attribute("data-sign") == "+"
    entry = bp.jacobian(bp.softmax, x)[3, 3]
    assert words(widget).startswith(f"∂y[3]/∂x[3] = {entry:.3f}")
    assert "(20 terms)" in words(widget)


def test_the_browser_multiplies_as_a_backward_sweep_does(module, rng):
    ask = module("jacobian")
    W, x, v = rng.normal(size=(4, 6)), rng.normal(size=6), rng.normal(size=4)

    def f(x):
        return bp.tanh(W @ x)

    found = ask("pulledBack(...xs)", bp.jacobian(f, x).tolist(), v.tolist())
    np.testing.assert_allclose(found, bp.vjp(f, x, v), rtol=1e-12)


@pytest.mark.parametrize("batch, entries", [(100, 4096), (1, 4096), (1, 1), (3, 512), (64, 4096)])
def test_the_browser_knows_how_large_a_jacobian_is_as_python_does(module, batch, entries):
    shape = (batch, entries)
    size = bp.jacobian_size(shape, shape, np.float32)
    ask = module("jacobian")
    assert ask("memory(...xs).J", batch, entries) == size.bytes
    assert f"({ask('readable(memory(...xs).J)', batch, entries)})" in str(size)


def test_the_memory_meter_grows_to_the_layer_of_the_course_and_shrinks_to_nothing(relu):
    meter = relu.get_by_role("region", name="Memory")
    assert "100 MiB" in meter.inner_text()  # and not yet what lesson 3 asks for
    meter.get_by_role("slider", name="samples").fill("100")
    meter.get_by_role("slider", name="entries each").fill("12")  # 2¹²
    assert "625 GiB" in meter.inner_text()
    assert "4.688 MiB" in meter.inner_text()
    assert "More than the memory of 39 laptops with 16 GiB" in meter.inner_text()
    meter.get_by_role("slider", name="samples").fill("1")
    assert "J takes 1\u202f365 times what the three arrays take." in meter.inner_text()
    meter.get_by_role("slider", name="entries each").fill("0")
    assert "Here J would be no burden." in meter.inner_text()


def test_what_cannot_be_shown_is_said_and_nothing_else(view):
    widget = view(JacobianExplorer(bp.relu, np.ones(61)))
    assert "61 × 61 does not suit a screen" in widget.inner_text()
    assert widget.get_by_role("grid").count() == 0


def test_a_closed_view_stops_listening(relu):
    relu.evaluate("widget => widget.cleanUp()")
    before = product(relu)
    relu.get_by_role("button", name="reset v").click()
    relu.evaluate("({ model }) => model.set('v', [0, 0, 0, 0])")
    assert product(relu) == before
