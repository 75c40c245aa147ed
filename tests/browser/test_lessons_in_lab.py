"""The lessons in a real JupyterLab, as a student opens them."""

import pytest

LESSONS = ["00_start_here", "01_chain_rule"]


@pytest.fixture(params=LESSONS)
def lesson(lab, request):
    page = lab.open(f"notebooks/{request.param}.ipynb")
    page.run_all()
    yield page
    errors = page.errors
    page.close()
    assert errors == []


def test_a_lesson_runs_and_its_widget_follows_slider_and_steps(lesson):
    widget = lesson.widget()
    widget.scroll_into_view_if_needed()
    picture = widget.locator(".picture svg")

    widget.locator("button.all").click()
    finished = picture.inner_html()
    assert {"circuit = −12.00", "−4.00", "3.00"} <= set(
        widget.locator(".picture svg text").all_text_contents()
    )

    widget.locator("button.back").click()
    one_step_back = picture.inner_html()
    assert one_step_back != finished

    slider = widget.get_by_role("slider", name="z")
    slider.focus()
    for _ in range(20):
        lesson.page.keyboard.press("ArrowRight")
    assert picture.inner_html() != one_step_back
    assert "circuit = −12.00" not in widget.locator(".picture svg text").all_text_contents()


def test_an_answer_typed_into_a_self_check_gets_a_card_that_names_the_mistake(lab):
    page = lab.open("notebooks/00_start_here.ipynb")
    page.run_all()
    cards = page.page.locator(".jp-OutputArea-output [role=status]")
    card = cards.filter(has_text="The slope of x² at three points")
    card.scroll_into_view_if_needed()
    assert "factor 2" in card.inner_text()
    assert "Hint." in card.inner_text()
    assert page.errors == []
    page.close()
