"""Curves in a frame: what a plot leaves for a reader on paper, as shapes; panels.py puts them in a row."""

from itertools import groupby
from typing import NamedTuple

from .blocks import TEXT
from .scene import Dot, Line, Text
from .wording import width

WIDE, HIGH, ROW = 340, 220, 20  # of a frame, in pixels; from line to line of text


class Chart(NamedTuple):
    """Curves over one pair of axes, whose ends are x and y; what leaves the frame is cut off."""

    title: str
    x: tuple
    y: tuple
    x_ticks: dict  # {place: text}
    y_ticks: dict
    curves: tuple  # of (label, role, points, dashed)
    dots: tuple = ()  # of (role, (x, y))


def shapes_of(chart, left, top):
    """The shapes of a chart whose frame begins there."""

    def place(point):
        (x, y), (x0, x1), (y0, y1) = point, chart.x, chart.y
        return left + WIDE * (x - x0) / (x1 - x0), top + HIGH * (y1 - y) / (y1 - y0)

    right, bottom, key = left + WIDE, top + HIGH, left
    yield Text("name", left, top - 8, chart.title, "start")
    yield Line("muted", [(left, top), (left, bottom), (right, bottom)])
    for x, text in chart.x_ticks.items():
        yield Text("muted", place((x, 0))[0], bottom + ROW, text)
    for y, text in chart.y_ticks.items():
        yield Text("muted", left - width(text, TEXT) - 4, place((0, y))[1] + 4, text, "start")
    for label, role, points, dashed in chart.curves:
        for piece in _inside(points, chart):
            yield Line(role, [place(point) for point in piece], dashed)
        yield Text(role, key, bottom + 2 * ROW, f"{'- -' if dashed else '—'} {label}", "start")
        key += width(label, TEXT) + 40
    for role, point in chart.dots:
        yield Dot(*place(point), role)


def _inside(points, chart):
    """The stretches of a curve that lie within the frame."""
    (x0, x1), (y0, y1) = chart.x, chart.y
    stretches = groupby(points, lambda point: x0 <= point[0] <= x1 and y0 <= point[1] <= y1)
    return [list(stretch) for inside, stretch in stretches if inside]
