"""MatrixBackprop on a plain page: choosing an entry, the sum behind its gradient, and a batch that grows."""

import re

import numpy as np
import pytest

from bplib.widgets.matrices import MatrixBackprop

X = np.array([[2.0, 1.0, -3.0], [-3.0, 4.0, 2.0]])
W = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])
DY = np.array([[2.0, 3.0, -3.0, 9.0], [-8.0, 1.0, 4.0, 6.0]])
B = np.array([1.0, 0.0, -2.0, 0.5])


@pytest.fixture
def matrices(view):
    return view(MatrixBackprop(X, W, DY, B))


def named(widget, name):
    """The table whose caption begins so."""
    caption = widget.page.locator("caption").filter(has_text=re.compile(f"^{re.escape(name)}"))
    return widget.locator("table").filter(has=caption)


def cell(widget, name, i, j):
    return named(widget, name).locator("tbody tr").nth(i).locator("td").nth(j)


def lit(widget, name):
    return named(widget, name).locator(".lit").all_text_contents()


def words(widget):
    return widget.locator(".words").inner_text()


def test_an_entry_of_x_lights_its_row_of_y_and_spells_its_gradient(matrices):
    cell(matrices, "X (", 1, 2).click()
    assert lit(matrices, "dY (") == ["−8", "1", "4", "6"]
    assert lit(matrices, "W (") == ["3", "2", "1", "−2"]
    assert lit(matrices, "∂Y/∂X[1, 2]") == ["3", "2", "1", "−2"]
    assert "X[1, 2] = 2 reaches row 1 of Y and nothing else." in words(matrices)
    assert "dX[1, 2] = Σ dY · slice = −8 · 3 + 1 · 2 + 4 · 1 + 6 · (−2) = −30" in words(matrices)


def test_an_entry_of_w_lights_its_column_of_y_and_its_column_of_x(matrices):
    cell(matrices, "W (", 0, 1).click()
    assert lit(matrices, "dY (") == ["3", "1"]
    assert lit(matrices, "X (") == ["2", "−3"]
    assert "dW[0, 1] = Σ dY · slice = 3 · 2 + 1 · (−3) = 3" in words(matrices)
    assert matrices.locator(".rules .now").inner_text().startswith("dW = Xᵀ dY")


def test_the_copies_of_b_merge_into_the_sum_of_the_rows(matrices):
    cell(matrices, "b repeated (", 1, 2).click()
    assert lit(matrices, "b repeated (") == ["−2.00", "−2.00"]
    assert "There its slice is 1 for each copy." in words(matrices)
    assert "db[2] = Σ dY · slice = −3 · 1 + 4 · 1 = 1" in words(matrices)
    assert matrices.evaluate("({ model }) => model.get('chosen')") == ["b", 2]


def test_a_gradient_can_be_chosen_too_and_leads_to_its_entry(matrices):
    cell(matrices, "dX (", 0, 1).click()
    assert "dX[0, 1] = Σ dY · slice = 2 · 2 + 3 · 1 + (−3) · 3 + 9 · 2 = 16" in words(matrices)
    assert named(matrices, "X (").locator("[aria-selected='true']").inner_text() == "1"


def test_fewer_samples_change_dw_and_db_but_no_row_of_dx(matrices):
    cell(matrices, "X (", 1, 2).click()
    matrices.get_by_role("slider", name="samples").fill("1")
    assert named(matrices, "dX (").locator("tbody td").all_text_contents() == ["0", "16", "−9"]
    assert named(matrices, "db (").locator("tbody td").all_text_contents() == ["2", "3", "−3", "9"]
    assert named(matrices, "b repeated (").locator("tbody tr").count() == 1
    assert words(matrices).count("X[0, 2]") >= 2  # the second sample is gone: its neighbour above is shown
    assert "(3, 1) · (1, 4) → (3, 4)" in matrices.locator(".rules").inner_text()
    matrices.get_by_role("slider", name="samples").fill("2")
    assert "dX[1, 2]" in words(matrices)


def test_the_keyboard_reaches_every_table_and_walks_in_it(matrices):
    matrices.get_by_role("slider").focus()
    seen = []
    for _ in range(6):
        matrices.page.keyboard.press("Tab")
        seen.append(matrices.page.evaluate("document.activeElement.closest('table').caption.textContent"))
    assert [caption.split(" ")[0] for caption in seen] == ["X", "W", "b", "dX", "dW", "db"]
    named(matrices, "W (").locator("[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        matrices.page.keyboard.press(key)
    assert "dW[1, 3]" in words(matrices)
    assert matrices.page.evaluate("document.activeElement.textContent") == "2"


def test_python_chooses_an_entry(matrices):
    matrices.evaluate("({ model }) => model.set('chosen', ['W', 2, 2])")
    assert "dW[2, 2] = Σ dY · slice = −3 · (−3) + 4 · 2 = 17" in words(matrices)


def test_without_b_there_is_none(view):
    widget = view(MatrixBackprop(X, W, DY))
    assert widget.locator("caption").count() == 7  # X, W, Y, the slice, dY, dx, dW
    assert "db" not in widget.inner_text()


def test_one_sample_needs_no_slider(view):
    widget = view(MatrixBackprop(X[:1], W, DY[:1], B))
    assert widget.get_by_role("slider").count() == 0


def test_what_cannot_be_shown_is_said_and_nothing_else(view):
    widget = view(MatrixBackprop(X, W, DY.T))
    assert "dY (4, 2)" in widget.inner_text()
    assert widget.locator("table").count() == 0
