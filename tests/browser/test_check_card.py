"""The card of a check on a plain page: read, opened with the keyboard, and legible in light and in dark."""

import pytest

from bplib.check.report import Finding, Report

FINDINGS = (
    Finding("dx", True, "agrees"),
    Finding("dy", False, "differs: yours 3, expected 6", "factor 2", "the derivative of x² has a factor 2"),
)
CARD = Report(
    "The slope of x²", FINDINGS, "The derivative of x² is 2x. (2 of 2)", ("Nudge it in your head.",)
)


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 380, "height": 600})
    page.set_content(f"<!doctype html><title>card</title>{CARD._repr_html_()}")
    yield page
    page.close()


def test_the_hints_open_with_the_keyboard(page):
    hint = page.get_by_text("The derivative of x² is 2x.")
    assert not hint.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert hint.is_visible() and page.get_by_text("Nudge it in your head.").is_visible()


def test_a_screen_reader_hears_verdict_title_findings_and_diagnosis(page):
    said = page.get_by_role("status", name="The slope of x²").aria_snapshot()
    for words in ("not yet", "The slope of x²", "ok", "differs: yours 3, expected 6", "factor 2"):
        assert words in said
    assert said.count("listitem") == 2


def test_a_card_takes_the_colours_of_its_page_and_fits_a_narrow_one(page):
    page.add_style_tag(content="body { background: #111111; color: #eeeeee }")
    card = page.get_by_role("status")
    assert card.evaluate("card => getComputedStyle(card).color") == "rgb(238, 238, 238)"
    assert card.evaluate("card => getComputedStyle(card).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    verdict = card.get_by_text("not yet").first
    assert verdict.evaluate("word => getComputedStyle(word).backgroundColor") == "rgb(185, 74, 18)"
