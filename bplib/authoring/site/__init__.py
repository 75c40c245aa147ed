"""The lessons as web pages that need nothing: no kernel, no network, no server.

A lesson is run afresh, each widget's state is written into the page, and widgets/static/page.js brings it to
life there. What computes in Python keeps its picture. Formulas are MathML, and a page forbids itself every
request.
"""

import json
import re
from pathlib import Path

from ...errors import InputError, need
from ..notebooks import run_notebook

try:
    import nbformat
    from jinja2 import Environment, PackageLoader
    from markupsafe import Markup
    from nbconvert.exporters import HTMLExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
except ImportError as error:
    raise need(error) from None

from ...widgets.base import module
from . import start
from .formulas import mathml

HERE = Path(__file__).parent
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
OF_ALL = {"layout", "tabbable", "tooltip"}  # what ipywidgets keeps of every widget, and no page needs


def build_site(notebooks, out, lite=""):
    """Run the lessons in the folder ``notebooks`` and write each as a page into ``out``, with an index.html.

    lite    the address of what `bplib lite` has written, if the pages are to lead there

    Raises what a cell raises, and InputError for a formula that cannot be shown or a lesson without title,
    aim or time; then nothing is written.
    """
    lessons = [Lesson(path) for path in sorted(Path(notebooks).glob("*.ipynb"))]
    if not lessons:
        raise InputError(f"build_site: no notebooks in {notebooks}: call it where README.md is")
    pages = {"index.html": _start(lessons, lite.rstrip("/"))}
    for before, lesson, after in zip([None, *lessons], lessons, [*lessons[1:], None], strict=False):
        print(lesson.path.name, flush=True)
        pages[lesson.page] = lesson.as_page(before, after, lite.rstrip("/"))
    Path(out).mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        Path(out, name).write_text(page, "utf-8")
    print(f"Open {Path(out, 'index.html')} in a browser.")


def _start(lessons, lite):
    state, picture = start.neuron()
    return _page(
        "start",
        styles=[state["_css"]],
        widgets=_for_the_page({"neuron": state}),
        search=(HERE / "search.js").read_text("utf-8"),
        title="Backpropagation, gate by gate",
        picture=picture,
        ways=to_html(start.ways(lessons)),
        sections=_as_json(start.to_search(lessons)),
        lessons=lessons,
        lite=lite,
    )


class Lesson:
    """A notebook, and what the index says of it: title, aim, time, and its sections."""

    def __init__(self, path):
        self.path, self.page = path, f"{path.stem}.html"
        self.notebook = nbformat.read(path, 4)
        first = self.notebook.cells[0].source
        self.title = self._said("# Its title", r"^# (.+)", first)
        aim = self._said(
            "**When you are done, you can**, a bullet", r"(?s)you can\*\*\s+\* (.+?)[;.]\n", first
        )
        self.aim = Markup(to_html(f"{aim[0].upper()}{aim[1:]}."))
        self.time = self._said("**Time:** about 10 minutes", r"\*\*Time:\*\* (about \d+ \w+)", first)
        texts = (cell.source for cell in self.notebook.cells if cell.cell_type == "markdown")
        self.sections = start.sections(map(to_html, texts))

    def _said(self, what, pattern, text):
        if found := re.search(pattern, text, re.MULTILINE):
            return " ".join(found[1].split())
        raise InputError(f"{self.path.name}: its first cell has to say, in this form: {what}")

    def as_page(self, before=None, after=None, lite=""):
        """The page, run afresh, with links to the lessons before and after, and to the edition that runs."""
        run_notebook(self.notebook, self.path.parent, widget_state=True)
        shown = widgets_of(self.notebook)
        live = {name: state for name, state in shown.items() if not needs_python(state)}
        body, _ = LessonBody().from_notebook_node(self.notebook, {"shown": shown, "live": live})
        around = {"title": self.title, "lesson": self, "before": before, "after": after, "lite": lite}
        styles, widgets = _distinct(live, "_css"), _for_the_page(live)
        return _page("lesson", styles, body=body, widgets=widgets, **around)


def widgets_of(nb):
    """The states of the widgets that a notebook shows, by model id."""
    stored = nb.metadata.get("widgets", {}).get(WIDGET_STATE, {"state": {}})["state"]
    data = [output.get("data", {}) for cell in nb.cells for output in cell.get("outputs", [])]
    shown = [bundle[WIDGET_VIEW]["model_id"] for bundle in data if WIDGET_VIEW in bundle]
    states = {name: stored[name]["state"] for name in shown if name in stored}
    return {name: state for name, state in states.items() if "_esm" in state}  # and no progress bars


def needs_python(state):
    """Whether Python answers what a reader does with this widget: its data says so."""
    return state["data"].get("computes") == "kernel"


def _distinct(states, key):
    return list(dict.fromkeys(state[key] for state in states.values()))


def _for_the_page(states):
    """What page.js takes: each module once, and for each widget its module and its own traits."""
    modules = _distinct(states, "_esm")
    models = {
        name: {
            "module": modules.index(state["_esm"]),
            "state": {key: value for key, value in state.items() if key not in OF_ALL and key[0] != "_"},
        }
        for name, state in states.items()
    }
    return _as_json({"modules": modules, "models": models})


def _as_json(data):
    return json.dumps(data, ensure_ascii=False).replace("<", r"\u003c")  # no </script> inside


def _page(name, styles, **contents):
    """A whole page: templates/lesson.html.j2 or start.html.j2, around these contents."""
    pages = Environment(
        loader=PackageLoader("bplib.authoring.site"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    styles = [(HERE / "page.css").read_text("utf-8"), *styles]
    return pages.get_template(f"{name}.html.j2").render(styles=styles, script=module("page"), **contents)


class LessonBody(HTMLExporter):
    """The cells of a lesson as HTML, by templates/lesson."""

    def __init__(self, **options):
        super().__init__(template_name="lesson", extra_template_basedirs=[str(HERE / "templates")], **options)

    def default_filters(self):
        yield from super().default_filters()
        yield "markdown2html", to_html


AND_ITS_COMMA = re.compile(r"(<math(?:(?!</math>).)*</math>)([.,;:?)]+)", re.DOTALL)


def to_html(markdown):
    """Markdown as HTML; a comma stays on the line of the formula before it."""
    shown = MarkdownWithMath(renderer=Markdown(escape=False)).render(markdown)
    return AND_ITS_COMMA.sub(r'<span class="together">\1\2</span>', shown)


class Markdown(IPythonRenderer):
    """Markdown as Jupyter reads it, with formulas as MathML and links that hold on the pages."""

    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return f'<span class="wide">{mathml(body, "block")}</span>'

    def latex_environment(self, name, body):
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def link(self, text, url, title=None):
        """Another lesson is its page, the web is marked as such, and no other file of the course is here."""
        if "://" in url or url.startswith("mailto:"):
            return f'<a href="{self.escape_html(url)}" rel="external">{text}</a>'
        lesson = re.fullmatch(r"(\w+)\.ipynb(#.*)?", url)
        if lesson or url.startswith("#"):
            return super().link(text, f"{lesson[1]}.html{lesson[2] or ''}" if lesson else url, title)
        return text
