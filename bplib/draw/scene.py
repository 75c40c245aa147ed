"""The picture of a trace as a list of shapes, from back to front; svg.py and png.py only paint them."""

from typing import NamedTuple

from .blocks import LINE, ROW, TEXT, gradient_block, sent_block, value_block
from .layout import MARGIN, layout
from .wording import NOT_COMPUTED, short, too_large, width

ABOVE, BELOW, CENTRED = 4, 3, 5  # from a line to what stands above and below it; from a middle to a baseline
PAGE, SMALLEST = 840, 0.7  # pixels in a row of JupyterLab, and how small its letters may get
TITLE, LEGEND = 26, 16  # the strips above and below the graph
TINT = 0.15  # of the largest number in a table: deeper, and it could not be read


class Curve(NamedTuple):
    points: list
    arrow: bool


class Line(NamedTuple):
    role: str  # value, gradient, local, ink or muted
    points: list  # joined as straight as they stand
    dashed: bool = False


class Dot(NamedTuple):
    x: float
    y: float
    role: str = "tip"  # or that of a line


class Box(NamedTuple):
    role: str  # input, constant or gate
    x: float
    y: float
    w: float
    h: float


class Cell(NamedTuple):
    role: str  # value, gradient or local
    x: float
    y: float
    w: float
    h: float
    strength: float  # of its tint, 1 for the largest number


class Pixel(NamedTuple):
    colour: str  # its own, whatever the theme: of a class, or of an image
    x: float
    y: float
    w: float
    h: float
    opacity: float = 1.0


class Text(NamedTuple):
    role: str  # value, gradient, local, symbol, name, title or muted; "value small" in a grid
    x: float
    y: float
    text: str
    anchor: str = "middle"


class Scene(NamedTuple):
    top: float  # the first y; above 0 stands the title
    width: float
    height: float
    shapes: list

    @property
    def scale(self):
        """A picture a little wider than a notebook's page is drawn smaller; a far wider one scrolls."""
        return min(1.0, max(SMALLEST, PAGE / self.width))


def scene(trace, title=None):
    """Everything to paint; one sentence where the graph is too large."""
    if note := too_large(trace):
        sentence = Text("muted", MARGIN, 2 * MARGIN, note, "start")
        return Scene(0, round(width(note, TEXT)), 3 * MARGIN, [sentence])
    nodes, placed = trace["nodes"], layout(trace)
    numbers = [*_numbers_of_nodes(placed, nodes), *_numbers_of_branches(placed, nodes)]
    legend = [*_legend(placed["height"] + 4, any(NOT_COMPUTED in shape for shape in numbers))]
    heading = [Text("title", MARGIN, -4, short(title, 80), "start")] if title else []
    top = -TITLE if title else 0
    right = max(label.x + width(label.text, TEXT) for label in (*heading, *legend))
    return Scene(
        top,
        max(placed["width"], round(right)),
        placed["height"] + LEGEND - top,
        [*_lines(placed), *_boxes(placed), *numbers, *heading, *legend],
    )


def _lines(placed):
    """A node's lines share its stem and part at its end, those of a copy gate part at the box."""
    sharing = {edge["from"]: edge["shared"] for edge in placed["edges"]}
    for box in filter(_has_stem, placed["boxes"]):
        fork = sharing.get(box["node"])
        if fork is not False:
            yield Curve(box["stem"], arrow=fork is None)
        if fork:
            yield Dot(*box["stem"][1])
    for edge in placed["edges"]:
        yield Curve(edge["points"][edge["shared"] :], arrow=True)


def _has_stem(box):
    start, end = box["stem"]
    return start != end


def _boxes(placed):
    for box in placed["boxes"]:
        x, y, w, h = (box[key] for key in "xywh")
        yield Box(box["kind"], x, y, w, h)
        role = "symbol" if box["kind"] == "gate" else "name"
        yield Text(role, x + w / 2, y + h / 2 + CENTRED, box["label"])


def _numbers_of_nodes(placed, nodes):
    for box in filter(_has_stem, placed["boxes"]):
        (start, y), (end, _) = box["stem"]
        value, gradient = value_block(nodes[box["node"]]), gradient_block(nodes[box["node"]])
        yield from _written("value", value, (start + end) / 2, y - ABOVE - value.height)
        yield from _written("gradient", gradient, (start + end) / 2, y + BELOW)


def _numbers_of_branches(placed, nodes):
    """A shared node has its sum at the fork, and at the far end of each branch what came back along it."""
    for edge in placed["edges"]:
        if edge["shared"]:
            (start, y), (end, _) = edge["lead"]
            sent = sent_block(nodes[edge["to"]], edge["slot"])
            yield from _written("gradient", sent, (start + end) / 2, y + BELOW)


def _written(role, block, middle, top):
    """A number; or a shape, and below it the cells of an array, each with its number."""
    yield Text(role, middle, top + LINE - 3, block.caption)
    left = middle - block.cell * block.columns / 2
    for i, row in enumerate(block.rows):
        y = top + LINE + i * ROW
        for j, text in enumerate(row):
            yield Cell(role, left + j * block.cell, y, block.cell, ROW, 0.4)
            yield Text(f"{role} small", left + (j + 0.5) * block.cell, y + ROW - 5, text)


def _legend(y, some_missing):
    entries = [("value", "value above the line"), ("gradient", "gradient below")]
    if some_missing:
        entries.append(("muted", f"{NOT_COMPUTED} not computed"))
    x = MARGIN
    for role, text in entries:
        yield Text(role, x, y, text, "start")
        x += width(text, TEXT)
