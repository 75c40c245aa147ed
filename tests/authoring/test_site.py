"""bplib site: what stands in the pages, and the pictures that stored notebooks show without a kernel."""

import json
import re
import struct
import subprocess
import sys
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import pytest

from bplib.authoring.notebooks import build_notebook
from bplib.authoring.site import Lesson, build_site, start, to_html
from bplib.authoring.site.formulas import mathml
from bplib.cli import main
from bplib.errors import InputError
from tests.widgets.catalogue import WIDGETS

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
M = "{http://www.w3.org/1998/Math/MathML}"

# --------------------------------------------------------------------------------------------------- formulas


def parsed(tex):
    return ElementTree.fromstring(mathml(tex))


def read(element):
    """The signs of a formula in order, without its structure."""
    return re.sub(r"\s+", "", "".join(element.itertext()))


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        (r"\frac{\partial L}{\partial W}", "∂L∂W"),
        (r"\delta^{L} = \nabla_a C \odot \sigma'(z^L)", "δL=∇aC⊙σ′(zL)"),
        (r"\sum_{i=1}^{N} x_i^2", "∑i=1Nxi2"),
        (r"w^l_{jk}\,a^{l-1}_k", "wjklakl−1"),
        (r"J^{\mathsf T}v", "JTv"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a=b=c"),
        (r"\operatorname{softmax}(z)_i", "softmax(z)i"),
        (r"\underbrace{2y}_{g'(y)}", "2y⏟g′(y)"),
        (r"a < b", "a<b"),
        (r"\delta = 1 \tag{3, BP3}", "δ=1(3,BP3)"),
    ],
    ids=[
        "fraction",
        "BP1",
        "sum",
        "weights",
        "transposed",
        "aligned",
        "operator",
        "brace",
        "less than",
        "tag",
    ],
)
def test_a_formula_keeps_its_signs_in_order(tex, signs):
    assert read(parsed(tex)) == signs


def test_a_fraction_has_two_parts_and_a_matrix_rows_and_columns():
    assert [read(part) for part in parsed(r"\frac{x+1}{2}").find(f".//{M}mfrac")] == ["x+1", "2"]
    rows = parsed(r"\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}").findall(f".//{M}mtr")
    assert [[read(entry) for entry in row] for row in rows] == [["1", "2", "3"], ["4", "5", "6"]]
    rows = parsed(r"\begin{cases}x & \text{if } x>0\\0 & \text{otherwise}\end{cases}").findall(f".//{M}mtr")
    assert [read(row) for row in rows] == ["xifx>0", "0otherwise"]


@pytest.mark.parametrize(
    "tex", [r"\fraction{1}{2}", r"\left(x", r"a & b", r"x}"], ids=["name", "bracket", "column", "brace"]
)
def test_a_formula_that_cannot_be_shown_is_named(tex):
    with pytest.raises(InputError, match=re.escape(f"${tex}$")):
        mathml(tex)


def test_markdown_gets_its_formulas_and_no_comma_begins_a_line():
    page = to_html("Take $x^2$, and\n\n$$\\frac{1}{N}$$\n\nbut `$HOME` stays.")
    assert re.search(r'<span class="together"><math [^>]*display="inline".*</math>,</span> and', page)
    assert 'display="block"' in page
    assert "<code>$HOME</code>" in page


# ------------------------------------------------------------------------------------------------------ links


def test_links_hold_on_the_pages():
    page = to_html(
        "[a](01_chain_rule.ipynb#here) [b](https://x.org/?a&b) [c](../assignments/ps01.ipynb) [d](#e)"
    )
    assert '<a href="01_chain_rule.html#here">a</a>' in page
    assert '<a href="https://x.org/?a&amp;b" rel="external">b</a>' in page
    assert 'c <a href="#e">d</a>' in page


# ------------------------------------------------------------------------------------------------------ pages

HEADER = (ROOT / "notebooks/src/00_start_here.py").read_text("utf-8").split("# %%")[0]
OPENING = """# %% [markdown]
# # {number} · {title}
#
# **When you are done, you can**
#
# * {aim};
# * all else.
#
# **Time:** about {number}5 minutes. No more.
"""
FIRST = (
    OPENING.format(number=1, title="Ones & twos", aim="tell one\n#   from two")
    + """
# %%
import bplib as bp

circuit = lambda x, y, z: (x + y) * z
bp.Stepper(circuit, x=-2, y=5, z=-4)

# %%
bp.Stepper(circuit, x=1, y=2, z=3)

# %%
class Double:
    def forward(self, x):
        return 2 * x

    def backward(self, upstream, out, x):
        return (2 * upstream,)

bp.Stepper(lambda x: bp.apply(Double(), x), x=3)

# %%
import os

print("<b>not bold</b>, progress:", os.environ["BPLIB_PROGRESS"])
"""
)
SECOND = OPENING.format(number=2, title="Threes", aim="count on")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The notebooks of two small lessons."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name, text in [("1_ones", FIRST), ("2_threes", SECOND)]:
        source = folder / f"{name}.py"
        source.write_text(HEADER + text, "utf-8")
        build_notebook(source, source.with_suffix(".ipynb"), execute=False)
    return folder


@pytest.fixture(scope="module")
def pages(course, tmp_path_factory):
    """What the site holds: {name: page}."""
    out = tmp_path_factory.mktemp("site") / "new"
    build_site(course, out)
    return {path.name: path.read_text("utf-8") for path in out.iterdir()}


class Elements(HTMLParser):
    """Every opening tag of a page with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def links(page):
    return [
        attributes["href"] for tag, attributes in Elements(page).found if tag == "a" and "rel" in attributes
    ]


def test_the_site_is_an_index_and_a_page_for_each_lesson(pages):
    assert sorted(pages) == ["1_ones.html", "2_threes.html", "index.html"]
    index = re.sub(r"\s+", " ", pages["index.html"])
    time = '<span class="note">about 15 minutes</span>'
    assert f'<a href="1_ones.html">1 · Ones &amp; twos</a> {time} <p>Tell one from two.</p>' in index
    assert index.index("1 · Ones") < index.index("about 15 minutes") < index.index("2 · Threes")


def test_the_index_is_the_same_when_it_is_made_again(course, tmp_path, pages):
    build_site(course, tmp_path)
    assert (tmp_path / "index.html").read_text("utf-8") == pages["index.html"]


def test_the_index_shows_a_graph_with_its_gradients_before_anything_runs(pages):
    before, _, behind = pages["index.html"].partition('<h2 id="lessons">')
    assert before.count('class="bplib-graph"') == 1
    for number in ("f = −0.46", "0.79", "−2.36"):  # tanh(−3 · 0.5 + 1), 1 − tanh², and that times −3
        assert number in before
    assert "1 · Ones" in behind


def test_the_ways_through_the_course_are_those_that_a_lesson_tells(pages):
    text = "Three ways lead through it:\n\n* **Short** is $x$.\n* Long.\n\nA time includes"
    cell = SimpleNamespace(source=text)
    lesson = SimpleNamespace(notebook=SimpleNamespace(cells=[SimpleNamespace(source="#"), cell]))
    assert start.ways([lesson]) == "* **Short** is $x$.\n* Long."
    assert "Ways through" not in pages["index.html"]
    assert "shortest path" in start.ways([Lesson(LESSONS[0])])


def test_a_section_has_its_title_its_words_and_an_anchor_and_keeps_what_is_folded_to_itself():
    first = "# One\n\nSay $x^2 < 3$, *not* `x`.\n\n<details><summary>Look</summary>42</details>"
    one, two = start.sections(map(to_html, (first, "## 1.1 Two & three\n\nEnd.")))
    assert (one.level, one.title, one.text) == (1, "One", "Say x 2 < 3 , not x .")
    assert two == (2, "1.1-Two-&-three", "1.1 Two & three", "End.")


def test_every_anchor_of_a_lesson_is_in_its_page(pages):
    sections = json.loads(re.search(r'id="sections">(.*?)</script>', pages["index.html"], re.DOTALL)[1])
    assert [each["lesson"] for each in sections] == ["1 · Ones & twos", "2 · Threes"]
    for each in sections:
        page, anchor = each["href"].split("#")
        assert anchor in [attributes.get("id") for _, attributes in Elements(pages[page]).found]


def test_the_pages_lead_to_the_edition_that_runs_where_there_is_one(course, tmp_path, pages):
    build_site(course, tmp_path, "https://a.org/lite/")
    there = re.findall(r'https://a.org/[^"]*', (tmp_path / "1_ones.html").read_text("utf-8"))
    assert there == ["https://a.org/lite/lab/index.html?path=notebooks/1_ones.ipynb"]
    assert 'href="https://a.org/lite"' in (tmp_path / "index.html").read_text("utf-8")
    assert not any("run it in the browser" in page for page in pages.values())


def test_each_lesson_leads_to_its_neighbours(pages):
    assert links(pages["1_ones.html"]) == ["2_threes.html"]
    assert links(pages["2_threes.html"]) == ["1_ones.html"]


def test_a_page_loads_nothing(pages):
    for page in pages.values():
        for tag, attributes in Elements(page).found:
            for name in {"src", "srcset", "data", "poster", "href"} & set(attributes):
                assert tag == "a" or attributes[name].startswith("data:"), (tag, attributes)
        assert "@import" not in page
        assert "default-src 'none'" in page


def test_widgets_share_one_module_and_the_one_that_needs_python_keeps_its_picture(pages):
    page = pages["1_ones.html"]
    elements = Elements(page).found
    assert sum("data-widget" in attributes for _, attributes in elements) == 2
    assert sum(attributes.get("class") == "still" for _, attributes in elements) == 3
    assert sum(attributes.get("class") == "bplib-graph" for _, attributes in elements) == 3
    assert page.count("This one needs Python") == 1
    assert page.count('view("stepper"') + page.count(r"view(\"stepper\"") == 1


def test_what_a_cell_prints_is_not_taken_for_html(pages):
    assert "&lt;b&gt;not bold&lt;/b&gt;" in pages["1_ones.html"]


def test_nobodys_progress_stands_in_a_page(pages):
    assert "progress: off" in pages["1_ones.html"]


def test_making_the_pages_leaves_the_notebooks_as_they_are(course, pages):
    for notebook in course.glob("*.ipynb"):
        nb = nbformat.read(notebook, 4)
        assert "widgets" not in nb.metadata
        assert not any(cell.get("outputs") for cell in nb.cells)


def test_a_cell_that_fails_leaves_the_old_pages(tmp_path):
    text, old = tmp_path / "1.py", tmp_path / "site" / "index.html"
    text.write_text(HEADER + SECOND + "\n# %%\n1 / 0\n", "utf-8")
    build_notebook(text, tmp_path / "1.ipynb", execute=False)
    old.parent.mkdir()
    old.write_text("old")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        build_site(tmp_path, old.parent)
    assert [path.read_text() for path in old.parent.iterdir()] == ["old"]


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [("# # 2 · Threes", "# Its title"), ("you can**", r"\*\*When you"), ("**Time:**", r"\*\*Time:")],
    ids=["title", "aim", "time"],
)
def test_a_lesson_that_does_not_introduce_itself_is_named(tmp_path, left_out, missing):
    text = tmp_path / "2.py"
    text.write_text(HEADER + SECOND.replace(left_out, "# "), "utf-8")
    build_notebook(text, tmp_path / "2.ipynb", execute=False)
    with pytest.raises(InputError, match=rf"2\.ipynb: .* {missing}"):
        Lesson(tmp_path / "2.ipynb")


def test_every_lesson_introduces_itself():
    assert all(lesson.title and lesson.aim and lesson.time for lesson in map(Lesson, LESSONS))


def test_the_index_shows_what_a_lesson_is_for_without_a_sign_of_markdown():
    aims = [re.sub(r"<annotation.*?</annotation>", "", Lesson(path).aim) for path in LESSONS]
    assert [aim for aim in aims if set("$*`") & set(aim)] == []


def test_a_text_needs_no_header(tmp_path):
    text = tmp_path / "2.py"
    text.write_text(SECOND, "utf-8")
    build_notebook(text, tmp_path / "2.ipynb", execute=False)
    assert nbformat.read(tmp_path / "2.ipynb", 4).metadata.kernelspec.name == "python3"


def test_every_formula_of_the_lessons_can_be_shown():
    for path in LESSONS:
        for cell in Lesson(path).notebook.cells:
            if cell.cell_type == "markdown":
                assert "$" not in re.sub(r"(?s)<(code|pre)[ >].*?</\1>", "", to_html(cell.source)), path.name


def test_without_notebooks_the_command_says_where_to_call_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["site"]) == 1
    assert "no notebooks in notebooks: call it where README.md is" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("package", ["nbconvert", "latex2mathml"])
def test_a_missing_package_is_named_before_anything_runs(package):
    without = (
        f"import sys; sys.modules[{package!r}] = None; from bplib.cli import main; main(['site']) and exit(1)"
    )
    run = subprocess.run([sys.executable, "-c", without], capture_output=True, encoding="utf-8", cwd=ROOT)
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.startswith(f"bplib: this part of bplib needs {package}. Install it with")


# ---------------------------------------------------------------------------------------------------- colours

STYLE = (ROOT / "bplib/authoring/site/page.css").read_text("utf-8")


def contrast(a, b):
    """The contrast ratio of WCAG 2."""

    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    return max(light(a), light(b)) / min(light(a), light(b))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_all_text_stands_out(theme):
    colours = dict(re.findall(r"--(\w+): (#\w{6})", STYLE.split(":root {")[1 + theme]))
    for ground in ("ground", "panel"):
        for role in ("ink", "muted", "link", "word", "text"):
            assert contrast(colours[role], colours[ground]) >= 4.5, (role, ground)


# --------------------------------------------------------------------------------- notebooks without a kernel


MAKES_A_WIDGET = re.compile(rf"(bp\.)?({'|'.join(WIDGETS)})\(")


def stills():
    """The widget that the last line of a cell makes, and the output of the cell."""
    for path in LESSONS:
        for cell in nbformat.read(path, 4).cells:
            made = cell.cell_type == "code" and MAKES_A_WIDGET.match(cell.source.splitlines()[-1])
            for output in cell.outputs if made else ():
                if not output.data:  # nothing, beside the three dots of a collapsed output
                    continue
                yield pytest.param(made[2], output.data, id=f"{path.stem}-{cell.id}")


def numbers(text):
    return set(re.findall(r"−?\d+(?:\.\d+)?", text))


@pytest.mark.parametrize(("widget", "data"), list(stills()))
def test_a_stored_widget_is_a_picture_in_four_forms_with_the_same_numbers(widget, data):
    # and no view, which without a kernel shows an error
    assert set(data) == {"text/html", "image/svg+xml", "image/png", "text/plain"}
    svg = ElementTree.fromstring(data["image/svg+xml"])
    drawn = numbers(" ".join(text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")))
    assert drawn & numbers(data["text/plain"])
    if widget == "Stepper":  # plots have ticks, too; what a branch brings back is said in words
        said = data["text/plain"] + svg.find("{http://www.w3.org/2000/svg}desc").text
        assert drawn <= numbers(said)
    width, height = struct.unpack(">II", b64decode(data["image/png"])[16:24])
    assert (width, height) == pytest.approx([float(svg.get(side)) for side in ("width", "height")], abs=1)
