"""What a hand-in may try on those who look at it, and what an honest one has to show: each a cell, or two.

A hostile cell that gets its way sets ``window.pwned``, asks for something at ``elsewhere.test``, or stands in
the way with what has the title "over".
"""

import base64
import json
import warnings

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

ASSIGNMENT = "ps1"
CALL = "window.pwned=1"
AWAY = "http://elsewhere.test"
PIXEL = (  # a red dot, as PNG
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHx"
    "gljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
OVERLAY = "position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:99999"


def markdown(source, **more):
    return new_markdown_cell(source, **more)


def output(data, metadata=None, source="", **cell):
    return new_code_cell(
        source,
        outputs=[
            nbformat.from_dict({"output_type": "display_data", "data": data, "metadata": metadata or {}})
        ],
        **cell,
    )


def html(source, **metadata):
    return output({"text/html": source, "text/plain": "text"}, metadata)


def stream(text, name="stdout"):
    return new_code_cell("", outputs=[new_output("stream", name=name, text=text)])


def error(*lines):
    return new_code_cell(
        "", outputs=[new_output("error", ename=lines[0], evalue=lines[0], traceback=[*lines])]
    )


def as_data(text, kind):
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


def with_changes(cell, **changes):
    """A cell that nbformat would refuse to make, and does not refuse to read."""
    cell.update(nbformat.from_dict(changes))
    return cell


IMG = f'<img src="x" onerror="{CALL}">'
SCRIPT = f"<script>{CALL}</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{CALL}">{SCRIPT}<image href="{AWAY}/i.png"/></svg>'
BROKEN_OUT = f'"><img src=x onerror={CALL}>'

HOSTILE = {
    # script in Markdown
    "script": markdown(SCRIPT),
    "event": markdown(f"text {IMG} text"),
    "event without quotes": markdown(f"<img/src=x/onerror={CALL}>"),
    "event of another kind": markdown(f'<details open ontoggle="{CALL}"><summary>x</summary>y</details>'),
    "event at focus": markdown(f'<div tabindex=0 autofocus onfocus="{CALL}">x</div>'),
    "animation": markdown(
        f'<div style="animation: none" onanimationstart="{CALL}">x</div><marquee onstart="{CALL}">'
    ),
    "svg in markdown": markdown(f"<svg onload={CALL}><circle r=9 /></svg>"),
    "svg that is never closed": markdown(f"<svg><animate onbegin={CALL} attributeName=x dur=1s>"),
    "math": markdown(
        f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={CALL}&gt;">'
    ),
    "noscript": markdown(f'<noscript><p title="</noscript><img src=x onerror={CALL}>"></noscript>'),
    "comment": markdown(f"<!--><img src=x onerror={CALL}>-->"),
    "template": markdown(f"<template shadowrootmode=open>{SCRIPT}{IMG}</template>"),
    "half a tag": markdown(f"<img src=x onerror={CALL} //"),
    "in a fence": markdown(f'```html"><img src=x onerror={CALL}>\n{IMG}\n```'),
    "in mermaid": markdown(f"```mermaid\n</pre>{IMG}\n```"),
    "in a formula": markdown(f"$x{IMG}$ and $${SCRIPT}$$ and \\begin{{align}}{IMG}\\end{{align}}"),
    "in a heading": markdown(f"# <span>x</span>{IMG}"),
    "in a table": markdown(f"| a |\n|---|\n| {IMG} |"),
    "in the text of a picture": markdown(f'![a{BROKEN_OUT}](x.png "t{BROKEN_OUT}")'),
    "in an attachment": markdown("![a](attachment:a.png)", attachments={"a.png": {"image/png": BROKEN_OUT}}),
    "attachment that is a page": markdown(
        "![a](attachment:a)", attachments={"a": {"text/html": base64.b64encode(SCRIPT.encode()).decode()}}
    ),
    # addresses
    "link to script": markdown(f"[click](javascript:{CALL})"),
    "link to script, spelled oddly": markdown(f'<a href="&#x6A;ava&Tab;script:{CALL}">click</a>'),
    "link to a page inside": markdown(f'<a href="{as_data(SCRIPT, "text/html")}">click</a>'),
    "link to a file handed in": markdown("[click](page.html) [click](files/page.html)"),
    "link to a file, spelled as a site": markdown('<a href="http:page.html">click</a>'),
    "link within the server": markdown(
        "[click](/formgrader/manage_students/%3Cscript%3Ewindow.pwned=1%3C%2Fscript%3E)"
    ),
    "link by a picture map": markdown(
        f'<map name=m><area href="javascript:{CALL}" shape=default></map><img usemap=#m src=a.png>'
    ),
    "refresh": markdown('<meta http-equiv="refresh" content="0;url=http://elsewhere.test/">'),
    "base": markdown(f'<base href="{AWAY}/">'),
    # requests
    "picture from elsewhere": markdown(f"![a]({AWAY}/a.png) <img srcset='{AWAY}/b.png 2x'>"),
    "picture from within": markdown('<img src="/formgrader/api/students"><img src="../../../lab/a.png">'),
    "background": markdown(
        f'<table background="{AWAY}/a.png"><tr><td style="background:url({AWAY}/b.png)">x</table>'
    ),
    "list": markdown(
        f'<ul style="list-style: url({AWAY}/a.png)"><li style="border-image:\\75rl({AWAY}/b)">x</ul>'
    ),
    "style sheet": markdown(
        f'<link rel=stylesheet href="{AWAY}/a.css"><style>@import "{AWAY}/b.css";</style>'
    ),
    "prefetch": markdown(
        f'<link rel="preload" as="image" href="{AWAY}/a.png"><link rel=dns-prefetch href="{AWAY}">'
    ),
    "media": markdown(
        f'<video autoplay src="{AWAY}/a.mp4" poster="{AWAY}/a.png"></video><audio src={AWAY}/b.mp3 autoplay>'
    ),
    "frame": markdown(
        f'<iframe src="{AWAY}"></iframe><iframe srcdoc="<script>parent.pwned=1</script>"></iframe>'
    ),
    "object": markdown(f'<object data="{AWAY}/a"></object><embed src="{AWAY}/b">'),
    "form": markdown(
        f'<form action="{AWAY}"><input name=score class="score tabbable"><button autofocus>Save</form>'
    ),
    # the look of the page
    "overlay": markdown(f'<div style="{OVERLAY}" title="over">all yours</div>'),
    "overlay by the page's classes": markdown(
        '<div class="navbar-fixed-top modal modal-backdrop in" title="over">x</div>'
    ),
    "pushed up": html(
        '<div style="margin-top:-3000px;position:relative;background-color:red" title="over">x</div>'
    ),
    "style for all": html("<style>body {display: none} #notebook {visibility: hidden}</style>"),
    "style in svg": output({"text/html": "<svg><style>body {display: none}</style></svg>"}),
    "tags that end the page": markdown("</div></div></div></div></div></body></html><plaintext>"),
    "text that swallows the page": html("<textarea><title><xmp><select><option>"),
    # the form for scores
    "id of a score": markdown('<b id="test_relu">x</b> <b id="why-comment">x</b>\n\n# test_relu'),
    "id of a name in script": html(
        '<img id="formgrader"><img name="submission_id" id="base_url"><a id="MathJax">x</a>'
    ),
    "link of the page": html(
        '<a data-link="x" data-toggle="modal" data-target="#notebook" class="mark-graded">x</a>'
    ),
    # outputs
    "html": html(SCRIPT + IMG),
    "html in a frame": html(
        f"<script>{CALL.replace('window', 'parent')}</script>", **{"text/html": {"isolated": True}}
    ),
    "javascript": output({"application/javascript": CALL, "text/plain": "text"}),
    "svg": output({"image/svg+xml": SVG}),
    "markdown": output({"text/markdown": f"{IMG} [click](javascript:{CALL})"}),
    "latex": output({"text/latex": f"$x${IMG}"}),
    "mermaid": output({"text/vnd.mermaid": f"</pre>{IMG}"}),
    "plain": output({"text/plain": SCRIPT + IMG}),
    "widget": output(
        {"application/vnd.jupyter.widget-view+json": {"model_id": f"</script>{SCRIPT}"}, "text/plain": "w"}
    ),
    "vega": output({"application/vnd.vega.v5+json": {"data": [{"url": f"{AWAY}/d.json"}]}}),
    "kind of output": output({f"application/{IMG}": IMG}),
    "png": output({"image/png": BROKEN_OUT}),
    "size of a png": output({"image/png": PIXEL}, {"image/png": {"width": f"9 onload={CALL} "}}),
    "file of a png": output({"image/png": PIXEL}, {"filenames": {"image/png": f"{AWAY}/a.png"}}),
    "file of an svg": with_changes(
        output({}),
        outputs=[
            {
                "output_type": "display_data",
                "data": {"image/svg+xml": "<svg/>"},
                "metadata": {},
                "svg_filename": f"{AWAY}/a.svg",
            }
        ],
    ),
    "text alternative": output({"image/png": PIXEL}, {"image/png": {"alt": BROKEN_OUT}}),
    "stdout": stream(f"{SCRIPT}\x1b[31m{IMG}\x1b]8;;javascript:{CALL}\x07click\x1b]8;;\x07"),
    "stderr": stream(f"\x1b[38;2;1;2;3m{BROKEN_OUT}\x1b[0m", "stderr"),
    "traceback": error(f"\x1b[0;31m{IMG}\x1b[0m", f"</pre>{SCRIPT}"),
    "colours that cannot be read": stream("\x1b[38mtext"),
    # the rest of a notebook
    "raw": new_raw_cell(SCRIPT + IMG),
    "raw html": new_raw_cell(SCRIPT + IMG, metadata={"raw_mimetype": "text/html"}),
    "source": new_code_cell(f"</pre></div>{SCRIPT}{IMG}"),
    "magic": new_code_cell(f"%%html\n{IMG}", metadata={"magics_language": BROKEN_OUT}),
    "number of a cell": with_changes(new_code_cell("x"), execution_count=IMG),
    "tag of a cell": new_code_cell("x", metadata={"tags": [BROKEN_OUT]}),
    "grade_id": markdown(
        "x",
        metadata={
            "nbgrader": {
                "grade_id": BROKEN_OUT,
                "solution": True,
                "grade": False,
                "locked": False,
                "task": False,
                "schema_version": 3,
            }
        },
    ),
    "attachment that is missing": markdown("![a](attachment:gone.png) and the rest"),
}

METADATA = {
    "title": f"</title>{SCRIPT}",
    "kernelspec": {"name": BROKEN_OUT, "display_name": IMG, "language": "python"},
    "language_info": {"name": BROKEN_OUT, "pygments_lexer": BROKEN_OUT},
    "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"x": f"</script>{SCRIPT}"}}},
    "authors": [{"name": IMG}],
}

# What an honest hand-in shows: the cell, a selector of what is to be seen, and its text.
HONEST = {
    "heading": (markdown("# My answer"), "h1", "My answer"),
    "emphasis": (markdown("It is **very** *steep*, `x < 3` & so on"), "strong", "very"),
    "code": (markdown("```python\ndef f(x):\n    return x < 3\n```"), ".highlight .k", "def"),
    "quote": (markdown("> as Nielsen says"), "blockquote", "as Nielsen says"),
    "table": (markdown("| x | y |\n|---|---|\n| 1 | 2.5 |"), "td", "2.5"),
    "list": (markdown("1. first\n2. second"), "ol li", "second"),
    "tasks": (markdown("- [x] done\n- [ ] open"), "li", "☑ done"),
    "formula": (
        markdown(r"So $\frac{a}{b} < 1$ and $$x_1 > y_2$$"),
        "p",
        r"So $\frac{a}{b} < 1$ and $$x_1 > y_2$$",
    ),
    "link": (
        markdown("[source](https://example.org/a?b=c#d)"),
        "a[href='https://example.org/a?b=c#d']",
        "source",
    ),
    "mail": (markdown("<mail@example.org>"), "a[href='mailto:mail@example.org']", "mail@example.org"),
    "link to a heading": (markdown("## Part 2\n\n[see](#Part-2)"), "a[href='#student-Part-2']", "see"),
    "attachment": (
        markdown("![dot](attachment:a.png)", attachments={"a.png": {"image/png": PIXEL}}),
        "img[alt=dot]",
        "",
    ),
    "picture inside": (markdown(f"![point](data:image/png;base64,{PIXEL})"), "img[alt=point]", ""),
    "picture beside": (markdown("![beside](figures/my-figure.png)"), "img[alt=beside]", ""),
    "pandas": (
        html(
            "<div>\n<style scoped>\n.dataframe td {vertical-align: top}</style>"
            '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>loss</th>'
            "</tr></thead><tbody><tr><th>0</th><td>0.25</td></tr></tbody></table></div>"
        ),
        "table.dataframe td",
        "0.25",
    ),
    "png": (
        output({"image/png": PIXEL, "text/plain": "<Figure>"}, {"image/png": {"width": 40, "height": 40}}),
        "img[width='40']",
        "",
    ),
    "svg": (
        output(
            {
                "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><style>rect '
                '{fill: teal}</style><rect width="60" height="20"/></svg>'
            }
        ),
        "img[src^='data:image/svg+xml']",
        "",
    ),
    "svg in html": (
        html('<svg width="60" height="20"><title>bar</title><rect width="60" height="20"/></svg>'),
        "img[alt=bar]",
        "",
    ),
    "markdown": (output({"text/markdown": "**bold** words"}), "strong", "bold"),
    "latex": (output({"text/latex": r"$\displaystyle x < 1$"}), ".output_latex", r"$\displaystyle x < 1$"),
    "text": (output({"text/plain": "array([1., 2.])"}), "pre", "array([1., 2.])"),
    "colours": (stream("\x1b[31mred\x1b[0m < plain\n"), ".ansi-red-fg", "red"),
    "traceback": (
        error("ValueError: 3 < 4", "\x1b[0;31mValueError\x1b[0m: 3 < 4"),
        ".output_error",
        "ValueError: 3 < 4",
    ),
    "source": (
        new_code_cell("if x < 3 and y > 2:\n    pass"),
        ".input_area .highlight",
        "if x < 3 and y > 2:",
    ),
}


def handed_in(*cells, metadata=None):
    """A notebook as it is after autograde: a test, a written answer, and these cells between the two."""
    notebook = new_notebook(metadata=metadata or {})
    notebook.cells = [new_marked("test_relu"), *cells, new_marked("why")]
    return notebook


def new_marked(grade_id):
    is_test = grade_id == "test_relu"
    cell = new_code_cell("1.5") if is_test else new_markdown_cell("Because.")
    cell.metadata["nbgrader"] = {
        "grade": True,
        "solution": not is_test,
        "locked": is_test,
        "task": False,
        "points": 2,
        "grade_id": grade_id,
        "schema_version": 3,
        "cell_type": cell.cell_type,
    }
    return cell


def write_course(root, hand_ins, settings):
    """A course in which these hand-ins are autograded: {student: notebook} -> {student: id of the work}."""
    root.mkdir(parents=True, exist_ok=True)
    config = (
        f"c = get_config()\nc.CourseDirectory.root = {str(root)!r}\nc.CourseDirectory.course_id = 'course'\n"
    )
    (root / "nbgrader_config.py").write_text(config + settings)
    (root / "source" / ASSIGNMENT).mkdir(parents=True)
    with (
        warnings.catch_warnings(),
        Gradebook(f"sqlite:///{root}/gradebook.db", course_id="course") as gradebook,
    ):
        warnings.simplefilter("ignore", SAWarning)  # about how nbgrader uses its database
        gradebook.add_assignment(ASSIGNMENT)
        gradebook.add_notebook(ASSIGNMENT, ASSIGNMENT)
        place = (ASSIGNMENT, ASSIGNMENT)
        gradebook.add_grade_cell("test_relu", *place, max_score=2, cell_type="code")
        gradebook.add_grade_cell("why", *place, max_score=2, cell_type="markdown")
        gradebook.add_solution_cell("why", *place)
        return {student: write_hand_in(root, gradebook, student, hand_ins[student]) for student in hand_ins}


def write_hand_in(root, gradebook, student, notebook):
    folder = root / "autograded" / student / ASSIGNMENT
    (folder / "figures").mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
    (folder / "page.html").write_text(f"<h1>a page</h1>{SCRIPT}")
    (folder / "figures" / "my-figure.png").write_bytes(base64.b64decode(PIXEL))
    gradebook.add_student(student, last_name="O'Hara")
    submission = gradebook.add_submission(ASSIGNMENT, student)
    gradebook.find_grade("test_relu", ASSIGNMENT, ASSIGNMENT, student).auto_score = 1.5
    gradebook.db.commit()
    return submission.notebooks[0].id


SAFE = "from bplib.grading import configure\nconfigure(c)\n"
