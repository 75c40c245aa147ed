"""The same picture as PNG, for readers that drop SVG (a notebook not yet trusted, a code host)."""

import io
import warnings
from functools import cache

import numpy as np

from .blocks import SMALL, TEXT
from .layout import SYMBOL, s_curves
from .palette import LIGHT
from .scene import TINT, Box, Cell, Curve, Dot, Line, Pixel, Text, scene
from .wording import as_dict

CJK = (
    "Noto Sans CJK JP",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "NanumGothic",
    "Hiragino Sans",
    "Yu Gothic",
)
COLOURS = 128  # of a picture that has a dozen, and edges that are smoothed: a third of the bytes
POINT = 0.72  # points to a pixel, at 100 pixels to the inch


def png(trace, title=None):
    """The picture of a trace as the bytes of a PNG file; None where matplotlib is not installed."""
    return png_of(scene(as_dict(trace), title))


def png_of(picture):
    """A scene as the bytes of a PNG file; None where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    top, width, height, shapes = picture
    figure = Figure(figsize=(width / 100, height / 100), dpi=100 * picture.scale, facecolor=LIGHT["panel"])
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(top + height, top))
    axes.set_axis_off()
    for shape in shapes:
        _PAINT[type(shape)](axes, shape)
    return painted(figure)


def painted(figure):
    """A figure of matplotlib as the bytes of a small PNG file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas, file = FigureCanvasAgg(figure), io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a box for a rare letter, but no noise
        canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").quantize(COLOURS)
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _curve(axes, shape):
    from matplotlib.patches import PathPatch, Polygon
    from matplotlib.path import Path

    stretches = [point for stretch in s_curves(shape.points) for point in stretch]
    outline = Path([shape.points[0], *stretches], [Path.MOVETO, *[Path.CURVE4] * len(stretches)])
    axes.add_patch(PathPatch(outline, fill=False, edgecolor=LIGHT["line"], linewidth=1.5 * POINT))
    if shape.arrow:
        x, y = shape.points[-1]
        axes.add_patch(Polygon([(x - 7, y - 3.5), (x, y), (x - 7, y + 3.5)], facecolor=LIGHT["line"]))


def _line(axes, shape):
    xs, ys = zip(*shape.points, strict=True)
    dashes = (0, (6, 4)) if shape.dashed else "-"
    axes.plot(xs, ys, color=LIGHT[shape.role], linewidth=2 * POINT, linestyle=dashes)


def _dot(axes, shape):
    from matplotlib.patches import Circle

    colour = LIGHT["line" if shape.role == "tip" else shape.role]
    axes.add_patch(Circle((shape.x, shape.y), 3, facecolor=colour, zorder=3))


def _box(axes, shape):
    from matplotlib.patches import Ellipse, FancyBboxPatch

    x, y, w, h = shape[1:]
    gate = shape.role == "gate"
    if gate and w == h:
        outline = Ellipse((x + w / 2, y + h / 2), w, h)
    else:
        corner = min(w, h) / 2 if gate else 6
        outline = FancyBboxPatch((x, y), w, h, boxstyle=f"round,pad=0,rounding_size={corner}")
    outline.set(facecolor=LIGHT["gate" if gate else "input"], edgecolor=LIGHT["line"], zorder=2)
    outline.set(linewidth=1.5 * POINT, linestyle="--" if shape.role == "constant" else "-")
    axes.add_patch(outline)


def _cell(axes, shape):
    from matplotlib.colors import to_rgba
    from matplotlib.patches import FancyBboxPatch

    x, y, w, h = shape[1:5]
    outline = FancyBboxPatch((x, y), w, h, boxstyle="round,pad=0,rounding_size=4", linewidth=POINT)
    outline.set(facecolor=to_rgba(LIGHT[shape.role], TINT * shape.strength), edgecolor=LIGHT["frame"])
    axes.add_patch(outline)


def _pixel(axes, shape):
    from matplotlib.patches import Rectangle

    colour, (x, y, w, h) = shape.colour, shape[1:5]
    axes.add_patch(Rectangle((x, y), w, h, facecolor=colour, alpha=shape.opacity, antialiased=False))


def _text(axes, shape):
    role, *small = shape.role.split()
    bold = role in ("name", "title")
    size = SMALL if small else SYMBOL if bold or role == "symbol" else TEXT
    axes.text(
        shape.x,
        shape.y,
        shape.text,
        color=LIGHT.get(role, LIGHT["ink"]),
        fontsize=size * POINT,
        fontweight="bold" if bold else "normal",
        fontstyle="italic" if role == "gradient" else "normal",
        fontfamily=fonts(),
        horizontalalignment={"start": "left", "middle": "center"}[shape.anchor],
        verticalalignment="baseline",
        parse_math=False,
    )


_PAINT = {Curve: _curve, Line: _line, Dot: _dot, Box: _box, Cell: _cell, Pixel: _pixel, Text: _text}


@cache
def fonts():
    """Only fonts that are there: matplotlib complains about every other one, once for each letter."""
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in CJK if name in installed)]
