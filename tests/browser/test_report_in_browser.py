"""The page of `bplib report` in a browser: light and dark, narrow and on paper, and nothing in it acts."""

import re

import pytest

from bplib.grading.hand_ins import Graded, HandIn, Work
from bplib.grading.report import as_page
from bplib.grading.similarity import PROSE, Passage

HOSTILE = (
    "</code></pre></title></style><script>document.title = 'run'</script>"
    "<svg onload=\"document.title = 'run'\">"
    "<img src=http://elsewhere.test/x onerror=\"document.title = 'run'\">"
)
TASK = ("ps01", "test_wave")


def hand_in(n):
    """Of five hand-ins the last two are alike."""
    wrote = (Passage(PROSE, HOSTILE + " ".join(f"word{k}" for k in range(60)) + "x" * 300),) if n > 2 else ()
    work = {TASK: Work(n / 2, HOSTILE + "x" * 300, (HOSTILE,) if n < 4 else (), HOSTILE)}
    return HandIn(HOSTILE, "", "", None, n, n / 2, 0.0, (HOSTILE,), False, 0.5, work, wrote)


@pytest.fixture
def visit(chromium, tmp_path):
    """Open the page of a hostile class: visit(width, **options); at the end it has asked for nothing."""
    path, opened, asked = tmp_path / "ps01.html", [], []
    path.write_text(as_page(Graded("ps01", {TASK: 2.0}, [hand_in(n) for n in range(5)])), "utf-8")

    def visit(width=1000, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        opened.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield visit
    for context in opened:
        context.close()
    assert [url for url in asked if not re.match("file:.*/ps01.html$|data:", url)] == []


def open_all(page):
    for summary in page.locator("summary").all():
        summary.click()


def test_no_script_of_a_student_runs_and_nothing_is_asked_for(visit):
    page = visit()
    open_all(page)
    assert page.locator(".pair pre").count() == 2
    assert "document.title = 'run'" in page.locator(".pair pre").last.inner_text()
    assert page.locator("details pre").first.is_visible()
    assert "document.title = 'run'" in page.locator("details pre").first.inner_text()
    assert page.title() == "ps01: how the class did"
    assert page.locator("script, img, [onload], [onerror]").count() == 0


def test_the_page_is_whole_without_script(visit):
    page = visit(java_script_enabled=False)
    open_all(page)
    assert page.locator("details pre").first.is_visible()
    assert page.get_by_role("img", name="How many hand-ins have how many points").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_bar_stands_out_by_3_from_its_page(visit, scheme):
    page = visit(color_scheme=scheme)
    bar = page.locator("td svg rect").first.evaluate("bar => getComputedStyle(bar).fill")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light, dark = sorted((brightness(colour) for colour in (bar, ground)), reverse=True)
    assert light / dark >= 3
    assert (brightness(ground) > 0.5) == (scheme == "light")


def brightness(colour):
    """Relative luminance of WCAG 2, with its 0.05 added."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05


def test_a_narrow_page_does_not_scroll_sideways(visit):
    page = visit(width=380)
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 380


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (800, True), (380, False)])
def test_what_two_share_stands_side_by_side_where_there_is_room(visit, width, beside):
    page = visit(width=width)
    open_all(page)
    one, other = (page.locator(".pair pre").nth(n).bounding_box() for n in (0, 1))
    assert (other["x"] >= one["x"] + one["width"]) == beside
    assert (other["y"] >= one["y"] + one["height"]) == (not beside)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_the_answers_are_open(visit):
    page = visit()
    answer = page.locator("details pre").first
    assert not answer.is_visible()
    page.emulate_media(media="print")
    assert answer.bounding_box()["height"] > 20
