"""The lessons as pages in a browser: no kernel, no network, and yet the widgets move."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bplib.authoring.site import build_site
from tests.browser.axe import violations

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
STAYS = re.compile("(file|blob|data):")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the folder with the pages, as a reader opens them from a disk."""
    out = tmp_path_factory.mktemp("site")
    build_site(ROOT / "notebooks", out)
    return out.as_uri()


@pytest.fixture
def visit(site, chromium):
    """Open a page: visit("index", width=380); at the end nothing was asked for, and nobody complained."""
    opened, left, complaints = [], [], []

    def note(request):
        if not STAYS.match(request.url):
            left.append(request.url)

    def visit(name, width=1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        opened.append(context)
        page = context.new_page()
        page.on("request", note)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}/{name}.html")
        return page

    yield visit
    for context in opened:
        context.close()
    assert (left, complaints) == ([], [])


def widgets(page):
    """The widgets of a page, once the first one is there, and no fold is closed over it."""
    page.locator("details").evaluate_all("folds => folds.forEach(fold => (fold.open = true))")
    page.locator(".bplib-widget").first.wait_for()
    return page.locator(".bplib-widget")


def texts(widget, role):
    return [text for text in widget.locator(f".picture svg text.{role}").all_text_contents() if text]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_widget_of_a_lesson_lives_in_the_place_of_its_picture(visit, lesson):
    page = visit(lesson)
    places = page.locator("[data-widget]").count()
    expect(page.locator("[data-widget] .bplib-widget")).to_have_count(places)
    expect(page.locator("[data-widget] > .still:visible")).to_have_count(0)


def test_the_stepper_of_lesson_0_steps_and_slides(visit):
    widget = widgets(visit("00_start_here")).first
    assert "f = ?" in texts(widget, "value")
    for _ in range(2):
        widget.locator("button.forward").click()
    assert texts(widget, "value")[-1] == "f = −12.00"
    widget.locator("button.all").click()
    assert texts(widget, "gradient") == ["−4.00", "−4.00", "3.00", "−4.00", "1.00"]
    slider = widget.get_by_role("slider", name="z")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    expect(widget.locator(".picture svg text.value").last).to_have_text("f = −9.00")
    assert texts(widget, "gradient")[:3] == ["−3.00", "−3.00", "3.00"]


def test_the_graph_of_the_start_page_stands_above_the_fold_and_follows_a_slider(visit):
    page = visit("index")
    widget = widgets(page).first
    picture = widget.locator(".picture svg").bounding_box()
    assert picture["y"] + picture["height"] < 900
    assert texts(widget, "gradient") == ["0.39", "−2.36", "0.79", "0.79", "0.79", "1.00"]
    widget.get_by_role("slider", name="b").press("Home")
    expect(widget.locator(".picture svg text.value").last).not_to_have_text("f = −0.46")


def test_a_search_finds_a_section_by_the_beginnings_of_its_words_and_leads_there(visit):
    page = visit("index")
    search = page.get_by_role("searchbox", name="Search all lessons")
    search.fill("numerical deriv")
    first = page.locator("[role=search] li").first
    assert "Measuring a slope: the numerical derivative" in first.inner_text()
    assert first.locator("mark").inner_text().lower().startswith(("numerical", "deriv"))
    first.get_by_role("link").click()
    page.wait_for_url("**/01_chain_rule.html#1.2*")
    assert page.locator("[id^='1.2-']").first.is_visible()


@pytest.mark.parametrize("question", ["xyzzy", "chain xyzzy", "<b>zzz</b>"])
def test_a_search_that_finds_nothing_says_so(visit, question):
    page = visit("index")
    page.get_by_role("searchbox").fill(question)
    expect(page.locator("[role=search] [role=status]")).to_have_text("Nothing found. Try fewer letters.")
    page.get_by_role("searchbox").fill(" , ")
    expect(page.locator("[role=search] [role=status]")).to_have_text("")
    assert page.locator("[role=search] li").count() == 0


def test_a_lesson_begins_with_its_contents_and_each_entry_leads_to_its_part(visit):
    page = visit("02_gate_patterns")
    page.get_by_text("On this page").click()
    entries = page.locator(".contents a")
    assert entries.count() == page.locator("main > h2").count() > 3
    for entry in entries.all():
        assert page.locator(f"[id='{entry.get_attribute('href')[1:]}']").count() == 1


def test_without_javascript_the_pictures_stand_there(visit):
    page = visit("00_start_here", java_script_enabled=False)
    picture = page.locator("[data-widget] .bplib-graph").first
    assert picture.is_visible()
    assert "f = −12.00" in picture.locator("text").all_text_contents()


@pytest.mark.parametrize("name", ["index", *LESSONS])
def test_a_page_fits_a_telephone_and_paper(visit, name):
    page = visit(name, width=380)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    page.emulate_media(media="print")
    assert page.evaluate(fits)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_and_widgets_are_as_dark_as_the_system_and_paper_is_light(visit, theme):
    page = visit("01_chain_rule", color_scheme=theme)
    ground = "element => getComputedStyle(element).backgroundColor"
    dark = theme == "dark"
    for element in (page.locator("body"), widgets(page).first):
        assert (element.evaluate(ground) == "rgb(22, 25, 29)") == dark
    page.emulate_media(media="print")
    for element in (page.locator("body"), widgets(page).first):
        assert element.evaluate(ground) == "rgb(252, 252, 251)"


@pytest.mark.parametrize("name", ["index", *LESSONS])
def test_a_page_can_be_heard_and_walked_through_by_keyboard(visit, name):
    page = visit(name)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("main").count() == 1
    assert page.title() == page.get_by_role("heading", level=1).inner_text().removesuffix("¶").strip()
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "To the text"
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#main")


def test_the_links_lead_through_the_course(visit):
    page = visit("index")
    for lesson in LESSONS:
        page.locator(".lessons a, a[rel=next]").first.click()
        page.wait_for_url(f"**/{lesson}.html")
    assert page.locator("a[rel=next]").count() == 0
    page.get_by_role("link", name="All lessons").click()
    page.wait_for_url("**/index.html")


def picture_of_the_stepper(page):
    """What a stored notebook shows in the place of its Stepper, in JupyterLab."""
    cell = page.page.locator(".jp-CodeCell").filter(has_text="bp.Stepper(circuit").first
    cell.scroll_into_view_if_needed()
    return cell.locator(".jp-OutputArea-output img")


def test_jupyterlab_shows_the_stored_picture_and_keeps_its_words_trusted_or_not(lab):
    page = lab.open("notebooks/00_start_here.ipynb")
    for trusted in (False, True):
        if trusted:
            page.page.evaluate("void window.jupyterapp.commands.execute('notebook:trust')")
            page.page.locator(".jp-Dialog").get_by_role("button", name="Trust").click()
            page.page.locator(".jp-Dialog").wait_for(state="detached")
        picture = picture_of_the_stepper(page)
        expect(picture).to_be_visible()
        expect(picture).to_have_attribute("alt", re.compile("f: × of q and z, value −12.00"))
        assert picture.evaluate("img => img.naturalWidth") > 300
    assert page.errors == []
    page.close()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (380, "dark")])
@pytest.mark.parametrize("name", ["index", *LESSONS])
def test_a_page_is_open_to_everyone(visit, name, width, theme):
    page = visit(name, width, color_scheme=theme)
    page.locator("details").evaluate_all("folds => folds.forEach((fold) => (fold.open = true))")
    page.wait_for_timeout(500)  # widgets draw themselves
    assert violations(page) == []
