"""The start page: a graph that answers at once, the ways through the course, its lessons, and a search."""

import html
import re
from typing import NamedTuple

from ...gates import tanh
from ...widgets.stepper import Stepper

HEADING = re.compile(r'<h([1-3]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
NOT_READ = re.compile(r"<details>.*?</details>|<annotation.*?</annotation>|<[^>]*>", re.DOTALL)
WAYS = re.compile(r"ways lead through it:\n\n(.*?)\n\n", re.DOTALL)


class Section(NamedTuple):
    """A part of a lesson under a heading of its own: its level and anchor, its title and its words."""

    level: int
    anchor: str
    title: str
    text: str


def sections(pieces):
    """The Sections of a lesson, given its texts as HTML; what is folded away is not read out."""
    parts = HEADING.split("\n".join(pieces))[1:]
    groups = zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True)
    return [
        Section(int(level), html.unescape(anchor), words(title), words(text))
        for level, anchor, title, text in groups
    ]


def words(page):
    """What a reader sees of a piece of HTML, in one line."""
    return " ".join(html.unescape(NOT_READ.sub(" ", page)).replace("¶", " ").split())


def to_search(lessons):
    """What search.js looks through."""
    return [
        {
            "href": f"{lesson.page}#{section.anchor}",
            "lesson": lesson.title,
            "title": section.title,
            "text": section.text,
        }
        for lesson in lessons
        for section in lesson.sections
    ]


def ways(lessons):
    """The ways through the course, as Markdown, where a lesson tells them."""
    texts = (cell.source for lesson in lessons for cell in lesson.notebook.cells)
    return next((found[1] for text in texts if (found := WAYS.search(text))), "")


def neuron():
    """The graph at the head of the page, forward and back: its state, and the picture until it lives."""
    widget = Stepper(lambda w, x, b: tanh(w * x + b), w=-3, x=0.5, b=1, step=-1)
    try:
        return widget.get_state(), widget.still()["image/svg+xml"]
    finally:
        widget.close()
