"""Tables of numbers as a still picture: what matrices look like to a reader without a kernel."""

import math
from collections.abc import Callable
from typing import NamedTuple

from .blocks import TEXT
from .bundle import bundle_of
from .layout import MARGIN
from .scene import CENTRED, TITLE, Cell, Scene, Text
from .wording import MINUS, width, writer

GAP, ROW = 28, 24  # between two tables; the height of a row
MOST_COLUMNS, NARROW, DEEPER = 14, 15, 3  # a wider table has narrow cells, with signs on a deeper tint


class Table(NamedTuple):
    """Numbers in rows, under their name; the headers may be left out.

    text_of(values)    how the numbers are written: a function of one number
    """

    name: str
    role: str  # value, gradient or local
    values: list
    rows: tuple = ()
    columns: tuple = ()
    text_of: Callable = writer


def mimebundle_of_tables(title, lines, notes=()):
    """What a notebook shows and keeps: a picture in several forms (see bundle.py), the tables as plain text.

    lines    tables: a list for each line, whose tables stand side by side
    notes    sentences below the tables
    """
    return bundle_of(_scene(title, lines, notes), title, _words(title, lines, notes))


def _scene(title, lines, notes):
    shapes, y = [Text("title", MARGIN, TITLE, title, "start")], TITLE + MARGIN
    right = MARGIN + width(title, TEXT + 2)
    for line in lines:
        x = MARGIN
        for table in line:
            shapes += _shapes(table, x, y)
            x += _width(table) + GAP
        right = max(right, x - GAP)
        y += max(ROW * (2 + len(table.values)) for table in line) + GAP / 2
    for note in notes:
        y += ROW
        shapes.append(Text("symbol", MARGIN, y - CENTRED, note, "start"))
        right = max(right, MARGIN + width(note, TEXT + 2))
    return Scene(0, math.ceil(right + MARGIN), math.ceil(y + MARGIN), shapes)


def _shapes(table, x, y):
    """The name, a line of column headers, then the cells, each with its number."""
    yield Text(table.role, x, y + ROW - CENTRED, table.name, "start")
    side, cell = _side(table), _cell_width(table)
    largest = max((abs(entry) for row in table.values for entry in row if math.isfinite(entry)), default=0)
    wide = _is_wide(table)
    text, depth = (_sign, DEEPER) if wide else (table.text_of(table.values), 1)
    for j, header in enumerate(() if wide else table.columns):
        yield Text("muted", x + side + (j + 0.5) * cell, y + 2 * ROW - CENTRED, header)
    for i, row in enumerate(table.values):
        top = y + (2 + i) * ROW
        if table.rows:
            yield Text("muted", x, top + ROW / 2 + CENTRED, table.rows[i], "start")
        for j, entry in enumerate(row):
            left = x + side + j * cell
            strength = depth * abs(entry) / largest if largest and math.isfinite(entry) else 0.0
            yield Cell(table.role, left + 1, top + 1, cell - 2, ROW - 2, strength)
            role = "ink" if wide else table.role if entry else "muted"
            yield Text(role, left + cell / 2, top + ROW / 2 + CENTRED, text(entry))


def _is_wide(table):
    return len(table.values[0]) > MOST_COLUMNS


def _sign(x):
    return "+" if x > 0 else MINUS if x < 0 else ""


def _side(table):
    return max((width(header, TEXT) + 8 for header in table.rows), default=0)


def _cell_width(table):
    if _is_wide(table):
        return NARROW
    text = table.text_of(table.values)
    entries = [*map(text, (x for row in table.values for x in row)), *table.columns]
    return max(width(entry, TEXT) for entry in entries) + 12


def _width(table):
    return max(_side(table) + _cell_width(table) * len(table.values[0]), width(table.name, TEXT))


def _words(title, lines, notes):
    return "\n\n".join([title, *(_as_text(table) for line in lines for table in line), *notes])


def _as_text(table):
    text = table.text_of(table.values)
    rows = [[*table.rows[i : i + 1], *map(text, row)] for i, row in enumerate(table.values)]
    if table.columns:
        rows.insert(0, [*[""] * bool(table.rows), *table.columns])
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{x:>{w}}" for x, w in zip(row, wide, strict=True)) for row in rows]
    return "\n".join([table.name, *lines])
