"""Figures with matplotlib: how a network learns, what it sees, what its numbers look like.

Each function takes plain arrays and returns the figure for a notebook to show; theme is "light" or "dark".
Nothing of matplotlib's own settings is changed, and it is imported when the first figure is drawn.
"""

import math
from contextlib import contextmanager
from functools import cache

import numpy as np

from ..errors import InputError, ShapeError, need, shapes
from .bundle import picture_of
from .palette import DIVERGING, SEQUENTIAL, THEMES, colour_of
from .png import fonts, painted
from .wording import number

MARKS = "os^D"  # of classes: circle, square, triangle, diamond
GRID = 200  # points along each side of a plane
ACROSS = 10  # images in a row


def curves(history, theme="light"):
    """Loss and accuracy over the epochs of the History of bplib.train: training solid, validation dashed."""
    with _figure(1, 2, theme, (9, 3.4)) as (figure, (loss, accuracy), colour):
        in_an_epoch = len(history.step_loss) / max(len(history.loss), 1)
        each = (np.arange(len(history.step_loss)) + 1) / in_an_epoch
        loss.plot(each, history.step_loss, color=colour["line"], linewidth=0.6, alpha=0.6, label="each step")
        for axes, name in ((loss, "loss"), (accuracy, "accuracy")):
            _over_epochs(axes, getattr(history, name), "training", color=colour["value"])
            _over_epochs(
                axes, getattr(history, f"validation_{name}"), "validation", "--", color=colour["ink"]
            )
            axes.set_xlabel("epoch")
            _title(axes, name, colour["ink"])
            _legend(axes, colour)
        loss.set_yscale("log")
        accuracy.set_ylim(0, 1.02)
    return figure


def _over_epochs(axes, numbers, label, dash="-", **style):
    if len(numbers):
        axes.plot(np.arange(len(numbers)) + 1, numbers, dash, label=label, **style)


def boundary(predict, x, t, theme="light"):
    """Which class a network sees where in the plane, and the samples in the colour and shape of their class.

    predict    x (N, 2) -> scores (N, C) or class numbers (N,): the predict of a network
    x, t       samples (N, 2) and class numbers (N,)
    Raises ShapeError for samples that do not lie in a plane.
    """
    x, t = np.asarray(x), np.asarray(t)
    if x.ndim != 2 or x.shape[1] != 2 or t.shape != x.shape[:1]:
        raise ShapeError(f"boundary: x needs the shape (N, 2) and t (N,); got {shapes(x=x, t=t)}")
    margin = 0.08 * np.ptp(x, axis=0) + 1e-6
    (left, low), (right, high) = x.min(axis=0) - margin, x.max(axis=0) + margin
    grid = np.stack(np.meshgrid(np.linspace(left, right, GRID), np.linspace(low, high, GRID)), axis=-1)
    seen = np.asarray(predict(grid.reshape(-1, 2)))
    classes = seen.argmax(axis=1) if seen.ndim == 2 else seen
    with _figure(1, 1, theme, (4.6, 4.2)) as (figure, axes, colour):
        from matplotlib.colors import to_rgb

        inks = np.array([to_rgb(colour_of(c)) for c in range(int(classes.max()) + 1)])
        areas = inks[classes.astype(int).reshape(GRID, GRID)]
        axes.imshow(areas, extent=(left, right, low, high), origin="lower", alpha=0.28, aspect="auto")
        for c in np.unique(t).astype(int):
            style = {"color": colour_of(c), "marker": MARKS[c % len(MARKS)], "edgecolors": colour["ink"]}
            axes.scatter(*x[t == c].T, s=24, linewidths=0.6, label=f"class {c}", **style)
        axes.set(xlabel="x₁", ylabel="x₂")
        axes.locator_params(nbins=5)
        _legend(axes, colour)
    return figure


def heat_map(matrix, rows=(), columns=(), title="", theme="light"):
    """A matrix as a table: the larger a number, the deeper its cell, teal for plus and rust for minus.

    rows, columns    names for them, or none
    Raises ShapeError for anything but a matrix.
    """
    matrix = np.asarray(matrix, dtype=float)
    if matrix.ndim != 2:
        raise ShapeError(f"heat_map: a matrix has rows and columns; got {shapes(matrix=matrix)}")
    size = 1.2 + 0.62 * matrix.shape[1], 1.0 + 0.4 * matrix.shape[0]
    with _figure(1, 1, theme, size) as (figure, axes, colour):
        most = np.abs(matrix[np.isfinite(matrix)]).max(initial=0.0) or 1.0
        least, colours = (-most, DIVERGING) if (matrix < 0).any() else (0.0, SEQUENTIAL)
        axes.imshow(matrix, cmap=colour_map(colours[theme]), vmin=least, vmax=most, aspect="auto")
        for (i, k), entry in np.ndenumerate(matrix):
            axes.text(k, i, number(entry), color=colour["ink"], ha="center", va="center", family=fonts())
        _title(axes, title, colour["ink"])
        axes.set_xticks(range(matrix.shape[1]), columns or range(matrix.shape[1]))
        axes.set_yticks(range(matrix.shape[0]), rows or range(matrix.shape[0]))
        axes.tick_params(length=0)
    return figure


def histograms(arrays, role="value", bins=40, theme="light"):
    """The numbers of each array, {name: array}, side by side: activations as "value", or "gradient".

    Below each stands the share of numbers that are exactly 0. What is not finite is left out.
    """
    _known(role, ("value", "gradient", "local"), "role")
    arrays = {name: np.ravel(np.asarray(array, dtype=float)) for name, array in arrays.items()}
    with _figure(1, len(arrays), theme, (3 * len(arrays) + 0.6, 2.8)) as (figure, axes, colour):
        for panel, (name, numbers) in zip(np.ravel(axes), arrays.items(), strict=True):
            panel.hist(numbers[np.isfinite(numbers)], bins, color=colour[role])
            panel.set(xlabel=f"{np.mean(numbers == 0):.0%} are exactly 0", yticks=[])
            panel.locator_params("x", nbins=4)
            _title(panel, name, colour["ink"])
    return figure


def activation(f, derivative, low=-5.0, high=5.0, name="", theme="light"):
    """A function solid, and its derivative dashed, between low and high; both take an array."""
    x = np.linspace(low, high, 401)
    with _figure(1, 1, theme, (4.8, 3.2)) as (figure, axes, colour):
        axes.axhline(0, color=colour["frame"], linewidth=1)
        axes.axvline(0, color=colour["frame"], linewidth=1)
        axes.plot(x, f(x), color=colour["value"], label=name or "f(x)")
        axes.plot(x, derivative(x), "--", color=colour["local"], label="its derivative")
        axes.set_xlabel("x")
        _legend(axes, colour)
    return figure


def network(columns, lines, marked=(), theme="light"):
    """Units in columns, and the lines between them.

    columns    the units by name, layer after layer: [["x₁", "x₂"], ["h₁", "h₂", "h₃"], ["a"]]
    lines      {("x₁", "h₁"): "2", …}: from which unit to which, and what is written there
    marked     the lines that stand out, [("x₁", "h₁"), …]
    Names and texts may be formulas, "$w_{jk}$". Raises InputError for a line whose unit or mark is not there.
    """
    places = {
        name: (l, (len(column) - 1) / 2 - i)
        for l, column in enumerate(columns)
        for i, name in enumerate(column)
    }
    if strangers := {*(unit for line in lines for unit in line)} - {*places} or {*marked} - {*lines}:
        raise InputError(
            f"network: lines join units of columns, and marked are lines; got {sorted(strangers)}"
        )
    most = max(map(len, columns))
    with _figure(1, 1, theme, (1.9 * len(columns), 0.85 * most + 0.3)) as (figure, axes, colour):
        style = {"color": colour["ink"], "ha": "center", "va": "center", "family": fonts()}
        for line, text in lines.items():
            ends = np.array([places[unit] for unit in line])
            look = (
                {"color": colour["gradient"], "linewidth": 2.5}
                if line in marked
                else {"color": colour["line"]}
            )
            axes.plot(*ends.T, **look, zorder=1)
            middle = ends[0] + 0.35 * (ends[1] - ends[0])
            axes.text(*middle, text, **style, bbox={"facecolor": colour["panel"], "linewidth": 0, "pad": 1.5})
        for name, place in places.items():
            axes.scatter(*place, s=1100, color=colour["gate"], edgecolors=colour["line"], zorder=2)
            axes.text(*place, name, **style, zorder=3)
        axes.set(xlim=(-0.4, len(columns) - 0.6), ylim=(-most / 2, most / 2))
        axes.set_axis_off()
    joined = [f"{start} to {end}{f': {text}' if text else ''}" for (start, end), text in lines.items()]
    figure.words = f"Network. {'; '.join(joined)}".translate(_SPOKEN)
    return figure


_SPOKEN = str.maketrans("", "", "${}\\")  # what makes a formula of a name


def images(pixels, truth=None, read=None, theme="light"):
    """Square images, (n, side·side) or (n, side, side), with what they are and what they are read as.

    truth, read    class numbers (n,); an image that is read wrongly says so
    Raises ShapeError when the images are not square or the numbers do not fit.
    """
    pixels = np.asarray(pixels)
    side = math.isqrt(pixels[0].size)
    labels = {
        name: np.asarray(given) for name, given in (("truth", truth), ("read", read)) if given is not None
    }
    if side * side != pixels[0].size or any(label.shape != pixels.shape[:1] for label in labels.values()):
        got = shapes(pixels=pixels, **labels)
        raise ShapeError(f"images: pixels need the shape (n, side·side), truth and read (n,); got {got}")
    across, down = min(ACROSS, len(pixels)), math.ceil(len(pixels) / ACROSS)
    with _figure(down, across, theme, (0.95 * across, 1.25 * down)) as (figure, axes, colour):
        for panel in np.ravel(axes):
            panel.set_axis_off()
        for k, (panel, image) in enumerate(zip(np.ravel(axes), pixels, strict=False)):
            panel.imshow(image.reshape(side, side), cmap="gray")
            words, right = _reading(**{name: label[k] for name, label in labels.items()})
            _title(panel, words, colour["ink" if right else "error"], "normal" if right else "bold")
    return figure


def _reading(truth=None, read=None):
    """What is written over an image, and whether it is read rightly."""
    if truth is None or read is None:
        return "" if truth is None and read is None else str(read if truth is None else truth), True
    return (str(read), True) if read == truth else (f"{read}, is {truth}", False)


# ------------------------------------------------------------------------------------------- one look


def colour_map(colours):
    """A map of numbers to colours, even between those that are named: SEQUENTIAL or DIVERGING of a theme."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("bplib", colours)


@cache
def _shown_figure():
    """matplotlib's Figure, which a notebook can show without pyplot and without a word on stderr."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise need("matplotlib") from None

    class ShownFigure(Figure):
        words = None  # what is said of it, where its axes do not tell

        def _repr_png_(self):
            return painted(self)

        def _repr_html_(self):
            return picture_of("png", self._repr_png_(), self.words or _spoken(self))

    return ShownFigure


def _spoken(figure):
    """For those who hear it: what the axes are called, and where each curve begins and ends."""
    return "Figure. " + "; ".join(filter(None, map(_said_of, figure.axes)))


def _said_of(axes):
    curves = [
        f"{line.get_label()} from {number(line.get_ydata()[0])} to {number(line.get_ydata()[-1])}"
        for line in axes.lines
        if not line.get_label().startswith("_")  # matplotlib's own, of lines that nobody named
    ]
    over = f"over {axes.get_xlabel()}" if axes.get_xlabel() else ""
    return ", ".join(filter(None, [axes.get_title(), over, *curves]))


@contextmanager
def _figure(rows, columns, theme, size):
    """(figure, its axes, colours), in one look when all has been drawn."""
    _known(theme, THEMES, "theme")
    colour = THEMES[theme]
    figure = _shown_figure()(figsize=size, dpi=100, facecolor=colour["panel"], layout="constrained")
    axes = figure.subplots(rows, columns)
    yield figure, axes, colour
    for panel in np.ravel(axes):
        panel.set_facecolor(colour["panel"])
        panel.tick_params(which="both", colors=colour["muted"], labelfontfamily=fonts())
        panel.spines[:].set_color(colour["line"])
        panel.spines[["top", "right"]].set_visible(False)
        for text in (panel.xaxis.label, panel.yaxis.label):
            text.set(color=colour["muted"], family=fonts())


def _title(axes, words, colour, weight="normal"):
    axes.set_title(words, color=colour, weight=weight, family=fonts(), size="medium")


def _legend(axes, colour):
    if axes.get_legend_handles_labels()[0]:
        axes.legend(labelcolor=colour["ink"], frameon=False, prop={"family": fonts(), "size": "small"})


def _known(name, names, what):
    if name not in names:
        raise InputError(f"{what} is one of {', '.join(names)}; got {name!r}")
