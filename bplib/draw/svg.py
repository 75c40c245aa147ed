"""A trace as an SVG picture that stands on its own: no script, no font, no colour from the page around it."""

import re
from xml.sax.saxutils import escape

from .blocks import SMALL, TEXT
from .describe import sentences
from .layout import SYMBOL, s_curves
from .palette import DARK, LIGHT
from .scene import TINT, Box, Cell, Curve, Dot, Line, Pixel, Text, scene
from .wording import as_dict

FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"


def svg(trace, title=None):
    """The picture of a trace: values above and gradients below the line that leaves each box."""
    trace = as_dict(trace)
    name = title or f"Computational graph of {trace['nodes'][trace['output']]['name']}"
    return svg_of(scene(trace, title), name, sentences(trace))


def svg_of(picture, name, words):
    """A scene as SVG; ``name`` and ``words`` are for those who hear it."""
    top, width, height, shapes = picture
    across, down = round(width * picture.scale), round(height * picture.scale)
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="bplib-graph" role="img" '
            f'width="{across}" height="{down}" viewBox="0 {top} {width} {height}" '
            'style="max-width:100%;height:auto">',
            f"<title>{_xml(name)}</title>",
            f"<desc>{_xml(words)}</desc>",
            f"<style>{_style()}</style>",
            f'<rect class="panel" x=".5" y="{top + 0.5}" width="{width - 1}" height="{height - 1}" rx="8"/>',
            *(_PAINT[type(shape)](shape) for shape in shapes),
            "</svg>",
        ]
    )


def _curve(shape):
    tip = _arrow(*shape.points[-1]) if shape.arrow else ""
    return f'<path class="line" d="{_path(shape.points)}"/>{tip}'


def _path(points):
    data = "M{:g} {:g}".format(*points[0])
    for c0, c1, (x, y) in s_curves(points):
        data += f"H{x:g}" if c0[1] == y else "C{:g} {:g} {:g} {:g} {:g} {:g}".format(*c0, *c1, x, y)
    return data


def _arrow(x, y):
    return f'<path class="tip" d="M{x - 7:g} {y - 3.5:g}L{x:g} {y:g}L{x - 7:g} {y + 3.5:g}z"/>'


def _line(shape):
    data = "L".join(f"{x:g} {y:g}" for x, y in shape.points)
    return f'<path class="plot {shape.role}{" dashed" * shape.dashed}" d="M{data}"/>'


def _dot(shape):
    return f'<circle class="{shape.role}" cx="{shape.x:g}" cy="{shape.y:g}" r="3"/>'


def _box(shape):
    round_corner = min(shape.w, shape.h) / 2 if shape.role == "gate" else 6
    return (
        f'<rect class="box {shape.role}" x="{shape.x:g}" y="{shape.y:g}" width="{shape.w:g}" '
        f'height="{shape.h:g}" rx="{round_corner:g}"/>'
    )


def _cell(shape):
    tint = f' fill-opacity="{TINT * shape.strength:.3f}"'
    return (
        f'<rect class="cell {shape.role}" x="{shape.x:g}" y="{shape.y:g}" width="{shape.w:g}" '
        f'height="{shape.h:g}" rx="4"{tint}/>'
    )


def _pixel(shape):
    return (
        f'<rect fill="{shape.colour}" fill-opacity="{shape.opacity:.3g}" x="{shape.x:g}" y="{shape.y:g}" '
        f'width="{shape.w:g}" height="{shape.h:g}" shape-rendering="crispEdges"/>'
    )


def _text(shape):
    return (
        f'<text class="{shape.role}" x="{shape.x:g}" y="{shape.y:g}" text-anchor="{shape.anchor}">'
        f"{_xml(shape.text)}</text>"
    )


_PAINT = {Curve: _curve, Line: _line, Dot: _dot, Box: _box, Cell: _cell, Pixel: _pixel, Text: _text}

_SHAPES = {
    "text": f"font:{TEXT}px {FONTS};font-variant-numeric:tabular-nums",
    ".small": f"font-size:{SMALL}px",
    ".symbol": f"font-size:{SYMBOL}px",
    ".name": f"font-size:{SYMBOL}px;font-weight:600",
    ".title": f"font-size:{SYMBOL}px;font-weight:600",
    ".gradient": "font-style:italic",
    ".local": "text-decoration:underline dotted",
    ".line": "fill:none;stroke-width:1.5",
    ".box": "stroke-width:1.5",
    ".constant": "stroke-dasharray:4 3",
    ".plot": "stroke-width:2;stroke-linejoin:round",
    ".dashed": "stroke-dasharray:6 4",
}


def _colours(colour):
    return {
        ".panel": f"fill:{colour['panel']};stroke:{colour['frame']}",
        ".line,.box": f"stroke:{colour['line']}",
        ".symbol,.name,.title": f"fill:{colour['ink']}",
        ".gate": f"fill:{colour['gate']}",
        ".input,.constant": f"fill:{colour['input']}",
        ".tip": f"fill:{colour['line']}",
        ".cell": f"stroke:{colour['frame']}",
    } | {
        selector: rule
        for role in ("value", "gradient", "local", "ink", "muted")
        for selector, rule in (
            (f".{role}", f"fill:{colour[role]}"),
            (f".plot.{role}", f"fill:none;stroke:{colour[role]}"),
        )
    }


def _style():
    dark = f"@media screen and (prefers-color-scheme:dark){{{_css(_colours(DARK))}}}"
    return _css(_SHAPES) + _css(_colours(LIGHT)) + dark


def _css(rules):
    """For this picture alone, and not for the page that it may stand in."""
    return "".join(
        f"{','.join(f'.bplib-graph {part}' for part in selector.split(','))}{{{declarations}}}"
        for selector, declarations in rules.items()
    )


def _xml(text):
    """Escaped, and without the control characters that XML forbids."""
    return escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))
