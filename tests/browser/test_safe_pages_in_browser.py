"""Feedback and formgrader in a browser: hand-ins that try to act on their reader, and an honest one."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from urllib.parse import quote, urljoin

import nbformat
import pytest

from tests.grading.hostile_pages import ASSIGNMENT, HONEST, HOSTILE, METADATA, SAFE, handed_in, write_course

ACTS_IN_FORMGRADER = ["script", "event", "html", "size of a png", "link to script"]
ACTS_IN_FEEDBACK = [*ACTS_IN_FORMGRADER, "picture from elsewhere", "overlay", "frame"]
AT_THE_FORM = """everything;metadata;form;overlay;overlay by the page's classes;pushed up;style for all
tags that end the page;text that swallows the page;id of a score;id of a name in script;link of the page
link to a file, spelled as a site;colours that cannot be read;number of a cell;grade_id""".replace(
    "\n", ";"
).split(";")
NAME = "x<img src=x onerror=window.pwned=1>"  # of a student's folder
STUDENTS = "../../manage_students"
MATHJAX = (
    """window.MathJax = {Hub: {Config() {}, Queue() {}, Startup: {signal: {Interest(f) { f("End") }}}}}"""
)
LINKS = "#notebook-container .cell a:not([href^='#'], [href^='mailto:'])"
OF_THE_PAGE = ("net::ERR_", "404", "glyphicons")  # pictures that do not exist, and a font that nbgrader names


@pytest.fixture(scope="module")
def hand_ins():
    """{student: notebook}: one for each hostile cell, one with hostile metadata, one with all, one honest."""
    metadata = nbformat.from_dict(METADATA)
    return {student_of(name): handed_in(cell) for name, cell in HOSTILE.items()} | {
        "metadata": handed_in(metadata=metadata),
        "everything": handed_in(*HOSTILE.values(), metadata=metadata),
        "honest": handed_in(*(cell for cell, _, _ in HONEST.values())),
    }


def student_of(name):
    return re.sub(r"\W+", "_", name)


@pytest.fixture(scope="module")
def formgrader(jupyter_server, hand_ins, tmp_path_factory):
    """The pages of formgrader in a course with our settings: {student: address}."""
    yield from served(jupyter_server, tmp_path_factory.mktemp("safe"), hand_ins, SAFE)


@pytest.fixture(scope="module")
def plain_formgrader(jupyter_server, hand_ins, tmp_path_factory):
    """The same in a course without."""
    yield from served(jupyter_server, tmp_path_factory.mktemp("plain"), hand_ins, "")


def served(jupyter_server, folder, hand_ins, settings):
    server = jupyter_server(folder)
    ids = write_course(server.notebooks, hand_ins | {NAME: handed_in()}, settings)
    shutil.copy(server.notebooks / "nbgrader_config.py", folder / "config")
    with server:
        yield {
            student: f"{server.url}/formgrader/submissions/{id}/?token={server.token}"
            for student, id in ids.items()
        }


@pytest.fixture(scope="module")
def feedback(hand_ins, tmp_path_factory):
    """The pages that `nbgrader generate_feedback` writes with our settings: {student: address}."""
    return generated(tmp_path_factory.mktemp("safe_feedback"), hand_ins, SAFE)


@pytest.fixture(scope="module")
def plain_feedback(hand_ins, tmp_path_factory):
    """The same without."""
    some = {student_of(name): hand_ins[student_of(name)] for name in ACTS_IN_FEEDBACK}
    return generated(tmp_path_factory.mktemp("plain_feedback"), some, "")


def generated(root, hand_ins, settings):
    write_course(root, hand_ins, settings)
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_feedback", ASSIGNMENT],
        cwd=root,
        env=os.environ
        | {
            "JUPYTER_CONFIG_DIR": str(root / ".settings"),
            "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]]),
        },
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return {student: page_of(root, student).as_uri() for student in hand_ins}


def page_of(root, student):
    return root / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"


class Visit:
    """A reader opens a page and clicks on every link of the student. What happened: ``acted``, ``errors``."""

    def __init__(self, chromium, address):
        self.acted, self.errors = [], []
        self.context = chromium.new_context(viewport={"width": 1000, "height": 800})
        self.page = self.context.new_page()
        self.address, self.arrived = address, False
        self.page.route("**", self.answer)
        self.page.on("dialog", self.dismiss)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self.note)
        self.page.on("popup", lambda popup: self.acted.append("a window was opened"))
        if "token" in address:
            self.context.request.get(re.sub(r"formgrader/.*\?", "lab?", address))  # sign in
        self.page.goto(address)
        self.look()

    def answer(self, route):
        url = route.request.url
        if url.split("?")[0].endswith("/mathjax/2.7.7/latest.js"):
            route.fulfill(body=MATHJAX, content_type="text/javascript")
        elif url.startswith("https://cdnjs.cloudflare.com/"):
            route.abort()
        elif self.is_its_own(url):
            route.continue_()
        else:
            self.acted.append(f"asked for {url}")
            route.fulfill(status=204)  # the page stays

    def is_its_own(self, url):
        """The page, its scripts and scores, and a picture beside it."""
        here = self.address.split("?")[0]
        beside = here[: here.rindex("/") + 1]
        own = r"(http://127.0.0.1:\d+/formgrader/(static/.*|api/(grades|comments)\?.*|api/(grade|comment)/\w+)|data:.*)"
        is_page = url.split("?")[0] == here and not self.arrived
        return is_page or re.fullmatch(rf"{re.escape(beside)}([\w-]+/)?[\w-]+\.png|{own}", url)

    def dismiss(self, dialog):
        self.acted.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def note(self, message):
        if message.type == "error" and not any(words in message.text for words in OF_THE_PAGE):
            self.errors.append(message.text)

    def look(self):
        page, self.arrived = self.page, True
        page.wait_for_timeout(40)
        page.evaluate(f"document.querySelectorAll({LINKS!r}).forEach((link) => link.click())")
        page.wait_for_timeout(40)
        if page.evaluate("window.pwned"):
            self.acted.append("script ran")
        if page.evaluate("[...document.querySelectorAll('#notebook-container *')].some(" + IN_THE_WAY + ")"):
            self.acted.append("stands in the way")


# whether what belongs to a cell is seen at a point outside of it
IN_THE_WAY = """(part) => {
    if (part.title !== "over") return false;
    const cell = part.closest(".cell").getBoundingClientRect();
    return [[20, 20], [500, 40], [500, 120], [980, 780]].some(([x, y]) =>
        (y < cell.top || y > cell.bottom) && part.contains(document.elementFromPoint(x, y)));
}"""


@pytest.fixture
def visit(chromium):
    visits = []

    def visit(address):
        visits.append(Visit(chromium, address))
        return visits[-1]

    yield visit
    for each in visits:
        each.context.close()


@pytest.mark.parametrize("name", ACTS_IN_FORMGRADER)
def test_without_our_settings_a_student_acts_in_formgrader(plain_formgrader, visit, name):
    assert visit(plain_formgrader[student_of(name)]).acted != []


@pytest.mark.parametrize("name", ACTS_IN_FEEDBACK)
def test_without_our_settings_a_student_acts_in_the_feedback(plain_feedback, visit, name):
    assert visit(plain_feedback[student_of(name)]).acted != []


@pytest.mark.parametrize("name", AT_THE_FORM)
def test_no_student_acts_in_formgrader_and_scores_can_be_given(formgrader, visit, name):
    visit = visit(formgrader[student_of(name)])
    page = visit.page
    assert visit.acted == visit.errors == []
    page.locator("#test_relu[placeholder='1.5']").wait_for()
    assert page.locator(".score:visible").count() == page.locator(".comment:visible").count() + 1 == 2
    page.locator("#why").click()
    assert page.locator(".nbgrader_cell").count() == 2


@pytest.mark.parametrize("name", [*HOSTILE, "metadata", "everything"])
def test_no_student_acts_in_the_feedback_and_scores_are_seen(feedback, visit, name):
    visit = visit(feedback[student_of(name)])
    assert visit.acted == visit.errors == []
    assert visit.page.locator("script").count() == 0
    assert visit.page.get_by_text("ps1 (Score: 1.5 / 4.0)").is_visible()
    assert visit.page.get_by_text("Because.").is_visible()


@pytest.mark.parametrize("where", ["formgrader", "feedback"])
def test_what_is_honest_is_shown(request, visit, where):
    visit = visit(request.getfixturevalue(where)["honest"])
    page = visit.page
    assert visit.errors == []
    for name, (_, selector, text) in HONEST.items():
        found = page.locator(f"#notebook-container {selector}").filter(has_text=text).first
        assert found.is_visible(), name
    pictures = page.evaluate("[...document.images].map(({ alt, naturalWidth }) => [alt, naturalWidth])")
    assert [alt for alt, width in pictures if not width] == []
    assert page.locator("a[href^='https:']").get_attribute("rel") == "noopener noreferrer"


def test_the_score_that_is_typed_is_kept(formgrader, visit):
    page = visit(formgrader["id_of_a_score"]).page
    page.wait_for_function(
        "formgrader.grades?.loaded && formgrader.comments?.loaded"
    )  # until then it is deaf
    with page.expect_response("**/api/grade/*") as saved:
        page.locator("#why").fill("1.25")
        page.locator("#why").blur()
    assert saved.value.json()["manual_score"] == 1.25
    with page.expect_response("**/api/comment/*") as saved:
        page.locator("#why-comment").fill("Well said.")
        page.locator("#why-comment").blur()
    assert saved.value.json()["manual_comment"] == "Well said."


@pytest.mark.parametrize("where", ["page.html", "", f"{STUDENTS}/NAME/", f"{STUDENTS}/NAME/ps1/"])
@pytest.mark.parametrize("pages, runs", [("formgrader", False), ("plain_formgrader", True)])
def test_the_file_and_the_name_of_a_student_run_no_script(request, visit, pages, runs, where):
    address = request.getfixturevalue(pages)[NAME]
    place = urljoin(address, where.replace("NAME", quote(NAME)))
    happened = visit(place + "?" + address.partition("?")[2])
    assert ("script ran" in happened.acted) == runs
    if where.startswith(STUDENTS):
        assert happened.page.locator(".breadcrumb").get_by_text(NAME).count() == (not runs)


def test_the_server_tells_the_browser_what_formgrader_and_a_file_may_do(formgrader, visit):
    address = formgrader["honest"]
    get = visit(address).context.request.get
    assert "form-action 'self'" in get(address).headers["content-security-policy"]
    assert "sandbox" in get(urljoin(address, "page.html")).headers["content-security-policy"]


def test_a_course_that_is_opened_later_brings_its_settings(jupyter_server, visit, tmp_path, monkeypatch):
    server = jupyter_server(tmp_path)
    course = server.notebooks / "course"
    ids = write_course(course, {"ada": handed_in(HOSTILE["script"])}, SAFE)
    monkeypatch.chdir(server.notebooks)
    with server:
        visit(f"{server.url}/formgrader/?path={course}&token={server.token}")
        page = f"{server.url}/formgrader/submissions/{ids['ada']}/?token={server.token}"
        assert visit(page).acted == []
