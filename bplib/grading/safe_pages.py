"""Pages that show what students wrote and let none of it act: feedback, and nbgrader's formgrader.

nbconvert trusts the author of a notebook. Here the author is a student, and the reader may be an instructor
who is signed in. So Markdown is cleaned after it has become HTML, for a link may hide a script as well as a
tag may, and of an output only the forms in SHOWN are left.

HTML is cleaned by nh3, which reads it as browsers do. bleach, which nbconvert would use, is given up by its
authors: not even a hole in it will be mended.
"""

import base64
import re
from functools import partial
from html import escape, unescape
from urllib.parse import unquote

from jinja2 import pass_context
from jupyter_server.base.handlers import JupyterHandler
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import ansi2html, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.server_extensions.formgrader.base import BaseHandler
from nbgrader.server_extensions.formgrader.handlers import SubmissionFilesHandler
from pygments.token import STANDARD_TYPES

from ..check.report import STYLE as CARD_STYLE
from ..errors import need

try:
    import nh3
except ImportError:
    raise need("nh3") from None

PIXELS = ("image/png", "image/jpeg")
SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", *PIXELS)
BASE64 = re.compile(r"[\w+/=\s]*", re.ASCII)

TAGS = set(
    """a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3
    h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody
    td tfoot th thead tr u ul var""".split()
)
ATTRIBUTES = {
    "*": {"class", "id", "style", "title", "role", "aria-label", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
LINK = re.compile(r"https?://[^/\\]|mailto:|#", re.IGNORECASE)  # http:page.html would be a file of ours
IN_THE_PAGE = re.compile(
    r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[\w+/=\s]*", re.ASCII | re.IGNORECASE
)
BESIDE_IT = re.compile(r"(?:\w[\w .,+()-]*/)*\w[\w .,+()-]*\.(?:png|jpe?g|gif|webp|svg)", re.IGNORECASE)
IMG = re.compile(r"""<img\b[^>]*?\ssrc\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)[^>]*>""", re.IGNORECASE)
# Classes that no page uses for itself: colours of code, tables of pandas, and the cards of bplib
CLASSES = {
    *STANDARD_TYPES.values(),
    *"highlight dataframe anchor-link right not-yet your-turn ok open".split(),
}
FAMILIES = ("ansi-", "bplib-", "hl-")
PROPERTIES = set(
    """background-color border border-collapse color font-family font-style font-weight list-style margin
    max-width padding text-align text-decoration vertical-align white-space""".split()
)
VALUE = re.compile(
    r"(?:[\w#%., ]|(?<=[a-z])-(?=[a-z])|(?<=rgb)\([\d., %]+\)|(?<=rgba)\([\d., %]+\))+", re.ASCII
)
STYLES = {  # for what stands in a part; its own style sheets are gone
    "bplib-card": CARD_STYLE,
    "<table": "<style>.handed-in :is(td, th) {border: 1px solid #ccc; padding: 2px 8px}</style>",
}
UNESCAPED = ("student", "first_name", "last_name", "notebook_path")  # in formgrader's page
OWN_ID = "student-"  # so that no id is taken for one of the page, which finds the fields for scores by theirs
SVG = re.compile(r"<svg\b(?:(?!<svg\b).)*?</svg\s*>", re.DOTALL | re.IGNORECASE)
CONTROL = re.compile("\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]")


def clean_html(html, attachments=None):
    """A part of a page that only shows, in a box of its own: no script, style sheet, form, frame, request.

    attachments    {name: {kind: content}} of the cell, for its pictures
    """
    pictures = partial(with_picture, attachments=attachments or {})
    part = nh3.clean(
        IMG.sub(pictures, SVG.sub(as_picture, str(html))),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=clean_attribute,
        clean_content_tags={"script", "style", "title", "template", "noscript"},
        url_schemes={"http", "https", "mailto", "data"},
    )
    style = "".join(style for word, style in STYLES.items() if word in part)
    return f'{style}<div class="handed-in" style="contain:paint;overflow-x:auto">{part}</div>'


def clean_attribute(tag, name, value):
    """What is left of the value, or None."""
    match name:
        case "id":
            return OWN_ID + value
        case "href":
            return re.sub("^#", f"#{OWN_ID}", value) if LINK.match(value) else None
        case "src":
            return value if is_picture(value) else None
        case "class":
            return " ".join(name for name in value.split() if name in CLASSES or name.startswith(FAMILIES))
        case "style":
            return ";".join(filter(is_harmless, value.split(";")))
    return value


def is_picture(address):
    """Whether it is one in the page itself, or a file beside it."""
    return bool(IN_THE_PAGE.fullmatch(address) or BESIDE_IT.fullmatch(unquote(address)))


def with_picture(found, attachments):
    """An img as it was; with the attachment that it shows; or the name of what cannot be shown."""
    address = unescape(found[1].strip("\"'"))
    kind, _, name = address.partition(":")
    content = attachments.get(unquote(name)) if kind.lower() == "attachment" else None
    if content and isinstance(content, dict):
        mime, data = next(iter(content.items()))
        return found[0].replace(found[1], f'"data:{mime};base64,{data}"')
    return found[0] if is_picture(address) else f"[missing picture: {escape(address[:200])}]"


def is_harmless(declaration):
    """Whether it concerns only the look of its element, and asks for no address."""
    name, _, value = declaration.partition(":")
    return name.strip().lower() in PROPERTIES and VALUE.fullmatch(value.strip()) is not None


def as_picture(svg):
    """SVG as a picture, in which no script runs and whose styles stay inside."""
    text = svg[0]
    if "xmlns=" not in text:
        text = re.sub("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', text, count=1, flags=re.IGNORECASE)
    title = re.search("<title>([^<]*)</title>", text)
    data = base64.b64encode(text.encode("utf-8", "replace")).decode()
    return f'<img alt="{escape(title[1]) if title else ""}" src="data:image/svg+xml;base64,{data}">'


@pass_context
def markdown2html(context, source):
    """nbconvert's filter of this name, followed by clean_html."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = Renderer(escape=False, attachments=attachments)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source), attachments)


class Renderer(IPythonRenderer):
    def image(self, text, url, title=None):
        """A picture; one that is missing is named, where nbconvert would give up the whole page."""
        kind, _, name = url.partition(":")
        if kind == "attachment" and not self.attachments.get(name):
            return f"[missing picture: {escape(name)}]"
        return super().image(text, url, title)

    def task_list_item(self, text, checked=False):
        """- [x] without a field of a form."""
        return f"<li>{'☑' if checked else '☐'} {text}</li>\n"


class ShowsOnly(Preprocessor):
    """Leaves of a notebook what a page can show as it is, or can clean."""

    def preprocess(self, nb, resources):
        nb.metadata = NotebookNode()
        for name in UNESCAPED:
            if isinstance(resources.get(name), str):
                resources[name] = escape(resources[name])
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, index):
        mark = cell.metadata.get("nbgrader")
        cell.metadata = NotebookNode({"nbgrader": mark} if is_mark(mark) else {})
        if cell.cell_type == "code":
            count = cell.execution_count
            cell.execution_count = count if isinstance(count, int) else None
            cell.outputs = [shown(output) for output in cell.outputs]
        return cell, resources


def is_mark(mark):
    """Whether nbgrader may have marked a cell so: it puts the id into the page as it is."""
    return isinstance(mark, dict) and is_safe_id(mark.get("grade_id"))


def is_safe_id(name):
    """Whether this name of a student, a cell or a file can stand in a page and in an address as it is."""
    return isinstance(name, str) and re.fullmatch(r"\w[\w.,@+' -]*", name) is not None


def shown(output):
    """The same output with nothing but text, pictures, and HTML and Markdown to be cleaned."""
    if output.output_type == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return new_output("stream", name=name, text=terminal(output.text))
    if output.output_type == "error":
        texts = {name: terminal(output[name]) for name in ("ename", "evalue")}
        return new_output("error", **texts, traceback=[terminal(line) for line in output.traceback])
    data = {kind: output.data[kind] for kind in SHOWN if can_be_shown(kind, output.data.get(kind))}
    if not data:
        data = {"text/plain": f"[not shown here: {', '.join(output.data)}]"}
    if "text/plain" in data:
        data["text/plain"] = terminal(data["text/plain"])
    kind = "execute_result" if output.output_type == "execute_result" else "display_data"
    return new_output(kind, data, metadata=sizes(output.metadata))


def can_be_shown(kind, content):
    return isinstance(content, str) and (kind not in PIXELS or BASE64.fullmatch(content) is not None)


def terminal(text):
    """Text for a terminal, of whose commands the colours are left, unless nbconvert cannot read these."""
    text = CONTROL.sub("", str(text))
    try:
        ansi2html(text)
    except IndexError:
        return strip_ansi(text)
    return text


def sizes(metadata):
    """{kind: {width, height}} in pixels: nbconvert puts these into the page without quotes."""
    sizes = {kind: metadata.get(kind) for kind in PIXELS}
    return {
        kind: {side: size[side] for side in ("width", "height") if isinstance(size.get(side), int)}
        for kind, size in sizes.items()
        if isinstance(size, dict)
    }


FORMGRADER_POLICY = (
    "default-src 'self' data:; script-src 'self' 'unsafe-inline' 'unsafe-eval' https://cdnjs.cloudflare.com; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data: https://cdnjs.cloudflare.com; "
    "object-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'self'"
)


def exporter(handler):
    """For the course that is open: formgrader would keep the first one's, whatever the next one has set."""
    return HTMLExporter(config=handler.settings["nbgrader_formgrader"].config)


def render(handler, name, **values):
    """A page with every value escaped, for students' names come from folders and addresses.

    All but one: manage_assignments.tpl puts a path of the course into script, where escaping would break it.
    """
    pages = handler.settings["nbgrader_jinja2_env"].overlay(autoescape=name != "manage_assignments.tpl")
    return pages.get_template(name).render(**values)


def formgrader_policy(handler):
    """Formgrader's own script and MathJax run; nothing else is asked for, framed or sent."""
    return f"{server_policy(handler)}; {FORMGRADER_POLICY}"


def file_policy(handler):
    """A file that was handed in may be a page: it must not act as one of ours."""
    return f"{server_policy(handler)}; sandbox"


server_policy = JupyterHandler.content_security_policy.fget


def configure(c):
    """Clean whatever nbgrader shows, by its settings; and formgrader's own pages, where it has none."""
    c.HTMLExporter.preprocessors = [f"{__name__}.ShowsOnly"]
    c.HTMLExporter.filters = {f.__name__: f"{__name__}.{f.__name__}" for f in (clean_html, markdown2html)}
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.optimistic_validation = True  # else nbconvert gives up what ShowsOnly would mend
    BaseHandler.exporter = property(exporter)
    BaseHandler.render = render
    BaseHandler.content_security_policy = property(formgrader_policy)
    SubmissionFilesHandler.content_security_policy = property(file_policy)
