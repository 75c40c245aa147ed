"""Panels, two in a row: charts, and beside them what a network sees in the plane or reads in images."""

import math
from itertools import groupby
from typing import NamedTuple

from .blocks import TEXT
from .bundle import bundle_of
from .chart import HIGH, ROW, WIDE, Chart, shapes_of
from .layout import MARGIN
from .palette import colour_of
from .scene import TITLE, Pixel, Scene, Text
from .wording import width

LEFT = 56  # for the numbers at an axis
TINT = 0.3  # of an area: samples are written on it
ACROSS, IMAGE = 5, 54  # images in a row, and the side of one


class Plane(NamedTuple):
    """Which class a network sees where, and samples as the numbers of their classes."""

    title: str
    classes: list  # rows of class numbers, the uppermost first
    samples: list  # (x, y, class), x and y from 0 to 1, upward


class Images(NamedTuple):
    """Square images with what they are read as."""

    title: str
    images: list  # (rows of brightness from 0 to 1, words, role of the words)


def mimebundle_of_panels(title, panels, lines):
    """A picture in several forms (see bundle.py), as plain text the title and the lines below the panels."""
    return bundle_of(_scene(title, panels, lines), title, "\n".join([title, *lines]))


def _scene(title, panels, lines):
    shapes, across, down = [Text("title", MARGIN, -4, title, "start")], LEFT + WIDE + MARGIN, HIGH + 5 * ROW
    for k, panel in enumerate(panels):
        shapes += _PLACED[type(panel)](panel, LEFT + k % 2 * across, 2 * ROW + k // 2 * down)
    y = math.ceil(len(panels) / 2) * down + ROW
    shapes += [Text("ink", MARGIN, y + i * ROW, line, "start") for i, line in enumerate(lines)]
    right = max(2 * across, *(width(line, TEXT) for line in lines)) + MARGIN
    return Scene(-TITLE, math.ceil(right), y + len(lines) * ROW + TITLE, shapes)


def _plane(plane, left, top):
    yield Text("name", left, top - 8, plane.title, "start")
    size = HIGH // len(plane.classes)
    side = size * len(plane.classes)
    for i, row in enumerate(plane.classes):
        k = 0
        for c, cells in groupby(row):
            n = len(list(cells))
            yield Pixel(colour_of(c), left + k * size, top + i * size, n * size, size, TINT)
            k += n
    for x, y, c in plane.samples:
        yield Text("ink", left + x * side, top + (1 - y) * side + TEXT / 3, str(c))


def _images(panel, left, top):
    yield Text("name", left, top - 8, panel.title, "start")
    for k, (rows, words, role) in enumerate(panel.images):
        x, y = left + k % ACROSS * (IMAGE + 14), top + k // ACROSS * (IMAGE + 3 * ROW)
        yield from _image(rows, x, y)
        for i, part in enumerate(words.split("\n")):
            yield Text(role, x + IMAGE / 2, y + IMAGE + (i + 0.8) * ROW, part)


def _image(rows, left, top):
    """White on black, as the networks get them."""
    size = IMAGE / len(rows)
    yield Pixel("#000000", left, top, IMAGE, IMAGE)
    for i, row in enumerate(rows):
        for k, brightness in enumerate(row):
            if brightness > 0:
                yield Pixel("#ffffff", left + k * size, top + i * size, size, size, brightness)


_PLACED = {Chart: shapes_of, Plane: _plane, Images: _images}
