"""The picture of a trace as a list of shapes, from back to front; svg.py and png.py only paint them."""

from typing import NamedTuple

from .layout import MARGIN, TEXT, layout
from .wording import NOT_COMPUTED, gradient_label, sent_label, short, too_large, value_label, width

ABOVE, BELOW, CENTRED = -7, 16, 5  # baselines, measured down from a line or from the middle of a box
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
    role: str  # value, gradient, local, symbol, name, title or muted
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
    legend = [*_legend(placed["height"] + 4, any(label.text == NOT_COMPUTED for label in numbers))]
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
        middle = (start + end) / 2
        yield Text("value", middle, y + ABOVE, value_label(nodes[box["node"]]))
        yield Text("gradient", middle, y + BELOW, gradient_label(nodes[box["node"]]))


def _numbers_of_branches(placed, nodes):
    """A shared node has its sum at the fork, and at the far end of each branch what came back along it."""
    for edge in placed["edges"]:
        if edge["shared"]:
            (start, y), (end, _) = edge["lead"]
            yield Text("gradient", (start + end) / 2, y + BELOW, sent_label(nodes[edge["to"]], edge["slot"]))


def _legend(y, some_missing):
    entries = [("value", "value above the line"), ("gradient", "gradient below")]
    if some_missing:
        entries.append(("muted", f"{NOT_COMPUTED} not computed"))
    x = MARGIN
    for role, text in entries:
        yield Text(role, x, y, text, "start")
        x += width(text, TEXT)
