"""The lessons in a real JupyterLab, as a student opens them."""

from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))


@pytest.fixture
def opened(lab):
    """Open a notebook by its name and run it; at the end, the console must have stayed silent."""
    pages = []

    def open_and_run(name, **options):
        page = lab.open(f"notebooks/{name}.ipynb", **options)
        pages.append(page)
        page.run_all()
        return page

    yield open_and_run
    for page in pages:
        errors = page.errors
        page.close()
        assert errors == []


def press_a_button(widget):
    widget.locator("button:visible:not([aria-disabled=true]):not([aria-pressed=true])").last.click()


# What a reader does with the first widget of a lesson, if it is not pressing its last button.
ACTION = {
    "02_gate_patterns": lambda widget: widget.get_by_role("combobox").select_option("add"),
    "03_vector_jacobians": lambda widget: widget.get_by_role("rowheader", name="y[1]").click(),
    "04_affine_batch": lambda widget: widget.get_by_role("gridcell").nth(4).click(),
    "07_train_and_check": lambda widget: widget.get_by_role("button", name="One step back").click(),
}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_and_its_first_widget_answers(opened, lesson):
    page = opened(lesson)
    widget = page.widget()
    widget.scroll_into_view_if_needed()
    before = widget.inner_html()
    ACTION.get(lesson, press_a_button)(widget)
    changed = "([widget, before]) => widget.innerHTML !== before"
    page.page.wait_for_function(changed, arg=[widget.element_handle(), before])


# The parts of a widget that are wider than their place and do not scroll inside it.
STICKS_OUT = """widget => [widget, ...widget.querySelectorAll("*")].filter(part =>
    part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1
    && !(part instanceof SVGElement) && getComputedStyle(part).overflowX === "visible"
).map(part => part.className || part.tagName)"""


@pytest.mark.parametrize("lesson", ["01_chain_rule", "04_affine_batch"])
def test_on_a_narrow_dark_page_nothing_sticks_out_of_a_widget(opened, lesson):
    page = opened(lesson, theme="dark", width=800)
    page.widget(2).wait_for()  # there are at least three
    for widget in page.page.locator(".bplib-widget").all():
        widget.scroll_into_view_if_needed()
        assert widget.evaluate(STICKS_OUT) == []


def test_an_answer_that_is_wrong_gets_a_card_that_names_the_mistake_and_opens_its_hint(opened):
    cards = opened("00_start_here").page.locator(".jp-OutputArea-output [role=status]")
    card = cards.filter(has_text="The slope of x² at three points")
    card.scroll_into_view_if_needed()
    card.get_by_text("factor 2", exact=True).first.wait_for()
    hint = card.get_by_text("Nudge it in your head")
    assert not hint.is_visible()
    card.get_by_text("Hint.").click()
    assert hint.is_visible()
