"""Lessons in a real JupyterLab, as a student opens them; each of them runs in test_lessons_day_by_day.py."""

import pytest


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
