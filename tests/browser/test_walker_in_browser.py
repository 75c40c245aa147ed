"""MLPWalker in a browser: what each step shows, how its parts are linked, and its two forms."""

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.walker import MLPWalker


@pytest.fixture
def walker(view):
    return view(MLPWalker())


def step_to(walker, step):
    walker.evaluate("(widget, step) => widget.model.set('step', step)", step)


def numbers(walker, name):
    """The cells of the tables of that name: one in the equation, one below, with the same entries."""
    found = walker.locator(".numbers table", has=walker.page.get_by_text(name, exact=True)).locator("tbody")
    one, other = ([r.locator("td").all_text_contents() for r in t.locator("tr").all()] for t in found.all())
    assert one == other
    return one


def words(walker):
    return walker.locator(".words").inner_text()


def lit(walker):
    return walker.locator(".lit")


def test_the_walk_begins_with_a_sentence_and_fills_in_layer_by_layer(walker):
    assert "Nothing has run yet" in words(walker)
    assert walker.locator(".layer text.value").all_text_contents() == ["1", "2", "?", "?", "?"]
    walker.get_by_role("button", name="One step forward").click()
    assert walker.locator(".layer text.value").all_text_contents() == ["1", "2", "0.5", "0.5", "?"]
    assert "z¹₁ = 1 × 2 + 2 × −1 + 0 = 0, a¹₁ = 0.5" in words(walker)
    walker.get_by_role("button", name="One step forward").press("Enter")
    assert "The cost is C = 0.125." in words(walker)


@pytest.mark.parametrize(
    "step, equation, code, spelled",
    [
        (3, "δ² = ∂C/∂a² ⊙ σ′(z²)", "delta[2] = dC_da[2] * slope(z[2])", "δ²₁ = 0.5 × 0.25 = 0.125"),
        (
            4,
            "δ¹ = ((w²)ᵀ δ²) ⊙ σ′(z¹)",
            "delta[1] = (delta[2] @ W[2].T) * slope(z[1])",
            "δ¹₁ = (0.125 × 1) × 0.25 = 0.03125",
        ),
        (7, "∂C/∂b¹ = δ¹", "db[1] = delta[1].sum(axis=0)", "∂C/∂b¹₁ = 0.03125"),
        (8, "∂C/∂w¹ = δ¹ (a⁰)ᵀ", "dW[1] = a[0].T @ delta[1]", "∂C/∂w¹₁₁ = 1 × 0.03125 = 0.03125"),
    ],
    ids=["BP1", "BP2", "BP3", "BP4"],
)
def test_each_equation_stands_beside_its_code_and_its_numbers(walker, step, equation, code, spelled):
    step_to(walker, step)
    current = walker.locator(".rules [aria-current=step] td")
    assert current.first.text_content() == equation
    assert current.last.text_content() == code
    assert words(walker).splitlines()[-1] == spelled


def test_a_symbol_lights_up_in_the_code_the_tables_and_the_picture(walker):
    step_to(walker, 4)
    walker.get_by_role("button", name="δ²", exact=True).focus()
    assert set(
        lit(walker).evaluate_all("all => all.map((e) => e.dataset.key.split(' ').includes('delta2'))")
    ) == {True}
    kinds = lit(walker).evaluate_all("all => all.map((e) => e.tagName.toLowerCase())")
    assert {"button", "span", "div", "g"} == set(kinds)
    walker.locator("span.token", has_text="W[2].T").hover()
    assert lit(walker).locator("path").count() == 2
    assert "(w²)ᵀ" in lit(walker).all_text_contents()


def test_a_chosen_entry_is_spelled_out_by_mouse_and_keyboard(walker):
    step_to(walker, 4)
    walker.get_by_role("gridcell", name="−0.09375").first.click()
    assert words(walker).splitlines()[-1] == "δ¹₂ = (0.125 × −3) × 0.25 = −0.09375"
    walker.page.keyboard.press("ArrowUp")
    assert words(walker).splitlines()[-1] == "δ¹₁ = (0.125 × 1) × 0.25 = 0.03125"


def test_the_book_has_neurons_in_rows_and_our_code_in_columns(walker):
    step_to(walker, 8)
    assert numbers(walker, "∂C/∂w¹") == [["0.03125", "0.0625"], ["−0.09375", "−0.1875"]]
    walker.get_by_role("gridcell", name="0.0625").first.click()
    assert words(walker).splitlines()[-1] == "∂C/∂w¹₁₂ = 2 × 0.03125 = 0.0625"
    walker.get_by_role("radio", name="our code: samples in rows").check()
    assert numbers(walker, "dW[1]") == [["0.03125", "−0.09375"], ["0.0625", "−0.1875"]]


def test_every_entry_of_every_step_is_spelled_with_the_number_of_the_table(view):
    """The sums are written in JavaScript: here each is worked out and compared with Python's entry."""
    rng = np.random.default_rng(2)
    net = bp.MLP((3, 4, 2), bp.tanh, rng=1)
    walker = view(MLPWalker(net, rng.normal(size=(2, 3)), [0, 1]))
    for step in range(1, 9):
        step_to(walker, step)
        cells = walker.locator(".equation [role=grid] tbody td")
        for k in range(cells.count()):
            cells.nth(k).click()
            line = words(walker).splitlines()[-1].split(", a")[0].replace("−", "-").replace("×", "*")
            _, *sums, result = line.split(" = ")
            assert walker.page.evaluate(sums[0] if sums else result) == pytest.approx(float(result), abs=2e-3)


def test_the_picture_shows_the_sample_that_is_asked_for(view):
    net, x = bp.MLP((2, 3, 2), rng=1), np.array([[1.0, 2.0], [3.0, -4.0]])
    walker = view(MLPWalker(net, x, [0, 1]))
    walker.get_by_role("combobox", name="The picture shows").select_option(label="sample 2")
    assert walker.locator(".layer text.value").all_text_contents()[:2] == ["3", "−4"]


def test_a_message_stands_in_the_place_of_the_widget(view):
    walker = view(MLPWalker(bp.MLP((2, 13, 2)), (1, 2), 0))
    assert "too large to read" in walker.get_by_role("status").inner_text()
    assert walker.locator("table").count() == 0
