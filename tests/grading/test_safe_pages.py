"""What is left of a hand-in on nbgrader's pages, read from their HTML: tests/browser opens the same pages."""

import re
from copy import deepcopy
from itertools import takewhile

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.sign import NotebookNotary
from nbgrader.server_extensions.formgrader.handlers import template_path
from traitlets.config import Config

from bplib.check.report import Finding, Report
from bplib.grading import configure
from bplib.grading.feedback import OfflineHTML
from bplib.grading.safe_pages import is_safe_id, markdown2html
from tests.grading.hostile_pages import CALL, HONEST, HOSTILE, METADATA, PIXEL, handed_in, markdown, output

ACTIVE = """applet area audio base button embed form frame frameset iframe input link map math meta object
    option picture script select slot source style svg template textarea track video""".split()
ADDRESSES = {
    "href": r"(https?://|mailto:|#student-).*",
    "src": r"data:image/(png|svg\+xml|jpeg);base64,[\w+/=]*|[\w-]+(/[\w-]+)*\.png",
}
IS_FREE = "class id style title alt role aria-label align width height colspan rowspan scope border start rel"
OF_THE_CARD = ".bplib-card {"


def page(template, notebook, **resources):
    """The page, parsed; made as nbgrader makes it."""
    notebook = deepcopy(notebook)
    for cell in (notebook.cells[0], notebook.cells[-1]):
        cell.metadata.nbgrader.score = 1
    c = Config()
    configure(c)
    c.HTMLExporter.template_name, c.HTMLExporter.extra_template_basedirs = template, [template_path]
    c.HTMLExporter.extra_template_paths = [f"{template_path}/../static/node_modules/bootstrap/dist/css"]
    exporter = {"formgrade": HTMLExporter, "feedback": OfflineHTML}[template](config=c)
    scores = {"notebook": "ps1", "score": 1, "max_score": 2, "late_penalty": 0}
    html, _ = exporter.from_notebook_node(notebook, {"index": 0, "total": 1, "nbgrader": scores} | resources)
    return BeautifulSoup(html, "html.parser")


def parts_of_the_student(soup):
    """Every element between the first cell, a test, and the last, an answer."""
    first, *_, last = soup.select("#notebook-container > .cell")
    assert first.select("[id=test_relu], [name=test_relu]")
    assert "Because." in last.get_text()
    parts = takewhile(lambda part: part is not last, first.find_next_siblings())
    return [below for part in parts for below in (part, *part.find_all(True))]


@pytest.mark.parametrize("template", ["formgrade", "feedback"])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_left_of_a_hostile_cell_can_only_be_looked_at(name, template):
    for part in parts_of_the_student(page(template, handed_in(HOSTILE[name]))):
        assert part.name not in ACTIVE or "handed-in" in part.get_text(), part
        for attribute, value in part.attrs.items():
            assert attribute in (*IS_FREE.split(), *ADDRESSES), part
            assert re.fullmatch(
                ADDRESSES.get(attribute, "(?s:.*)"), value if isinstance(value, str) else ""
            ), part
        assert not re.search(r"url|position|fixed|margin: *-|\\", part.get("style", "")), part
        assert {*part.get("class", ())}.isdisjoint(
            ["score", "tabbable", "comment", "modal", "navbar-fixed-top"]
        )
        assert part.get("id", "student-").startswith(("student-", "cell-id="))


@pytest.mark.parametrize("template", ["formgrade", "feedback"])
def test_what_is_honest_is_left_as_it_is(template):
    soup = page(template, handed_in(*(cell for cell, _, _ in HONEST.values())))
    for name, (_, selector, text) in HONEST.items():
        assert any(text in found.get_text() for found in soup.select(f"#notebook-container {selector}")), name


def test_a_link_hides_where_it_stood_and_gives_the_other_page_no_hold():
    (link,) = page("formgrade", handed_in(HONEST["link"][0])).select(".handed-in a")
    assert link["rel"] == ["noopener", "noreferrer"]


def test_a_card_keeps_its_looks_and_nobody_else_brings_a_style():
    card = Report("Your gradient", (Finding("dx", False, "differs"),), hint="Look at the axes.")
    honest = output({"text/html": card._repr_html_()})
    forged = output({"text/html": '<style>body {display: none}</style><div class="bplib-card">x</div>'})
    styles = page("feedback", handed_in(honest, forged)).select("#notebook-container style")
    assert [OF_THE_CARD in style.string and "body" not in style.string for style in styles] == [True, True]
    assert "Look at the axes." in page("feedback", handed_in(honest)).select_one("details").get_text()


@pytest.mark.filterwarnings("ignore:No lexer found")
def test_the_feedback_forbids_script_and_requests():
    soup = page("feedback", handed_in(markdown("x"), metadata=nbformat.from_dict(METADATA)))
    assert soup.head.find(True)["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.split(maxsplit=1) for rule in soup.head.meta["content"].split("; "))
    assert rules["default-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    assert "script-src" not in rules
    assert soup.find_all("script") == []


def test_a_picture_keeps_its_size_and_loses_what_is_no_size():
    sizes = {"width": 40, "height": f"9 onload={CALL}"}
    soup = page("formgrade", handed_in(output({"image/png": PIXEL}, {"image/png": sizes})))
    (picture,) = soup.select(".output_png img")
    assert set(picture.attrs) == {"src", "width", "alt"}


def test_an_output_that_cannot_be_shown_is_named():
    soup = page("feedback", handed_in(output({"application/vnd.vega.v5+json": {}})))
    assert "[not shown here: application/vnd.vega.v5+json]" in soup.get_text()


def test_the_name_of_a_student_is_text_on_the_page_of_the_hand_in():
    name = '"><script>x</script>'
    soup = page(
        "formgrade", handed_in(markdown("x")), student=name, notebook_path=f"autograded/{name}/ps1.ipynb"
    )
    assert name in soup.select_one("a.name-shown").get_text()
    assert soup.select_one("a.name-shown")["data-link"] == f"autograded/{name}/ps1.ipynb"


@pytest.mark.parametrize(
    "name", ["ada", "ada.lovelace", "s-1815_12", "ada@example.org", "Lovelace, Ada", "O'Neil, Jr", "Å"]
)
def test_an_honest_id_is_safe(name):
    assert is_safe_id(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "<b>", 'a"b', "a&b", "a\nb", "a\x1bb", "-x", None, 3]
)
def test_an_id_that_would_act_in_a_page_or_a_path_is_not_safe(name):
    assert not is_safe_id(name)


def test_configuring_twice_changes_nothing():
    once, twice = Config(), Config()
    configure(once)
    configure(twice)
    configure(twice)
    assert once == twice


def test_autograde_trusts_no_notebook(course, right, monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))  # where a signature would be kept
    notebook = course.answered(**right)
    for cell in notebook.cells:
        cell.metadata["trusted"] = True
    course.submit("ada", notebook)
    course.autograde()
    graded = course.autograded("ada")
    assert not any(cell.metadata.get("trusted") for cell in graded.cells)
    assert not NotebookNotary(data_dir=str(tmp_path)).check_signature(graded)


DATA = "iVBORw0KGgo="
PICTURES = {  # as a student writes it: what the page has of it
    '<img src="attachment:image.png">': f'src="data:image/png;base64,{DATA}"',
    "<img width=30 src=attachment:image.png alt=mine>": f'src="data:image/png;base64,{DATA}"',
    "![mine](attachment:image.png)": f'src="data:image/png;base64,{DATA}"',
    "![mine](my%20sketch.png)": 'src="my%20sketch.png"',
    "<img src='my sketch (2).png'>": 'src="my sketch (2).png"',
    "<img src='그림.png'>": 'src="그림.png"',
    "![mine](pictures/%EA%B7%B8%EB%A6%BC.jpg)": 'src="pictures/%EA%B7%B8%EB%A6%BC.jpg"',
    '<img src="attachment:gone.png">': "[missing picture: attachment:gone.png]",
    "![mine](attachment:gone.png)": "[missing picture: gone.png]",
    "![mine](https://example.org/a.png)": "[missing picture: https://example.org/a.png]",
    "<img src='../secret.png'>": "[missing picture: ../secret.png]",
    "<img src='%2e%2e/secret.png'>": "[missing picture: %2e%2e/secret.png]",
    "<img src='javascript:alert(1)'>": "[missing picture: javascript:alert(1)]",
    "<img src='/etc/a.png' alt='x><script>1</script>'>": "[missing picture: /etc/a.png]",
}


@pytest.mark.parametrize("written", PICTURES)
def test_a_picture_in_any_lawful_form_appears_and_any_other_is_named(written):
    page = markdown2html({"cell": {"attachments": {"image.png": {"image/png": DATA}}}}, written)
    assert PICTURES[written] in page
    assert "<script" not in page
