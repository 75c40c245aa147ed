"""Symptoms: what two training runs show, side by side; the runs are stored, and the page needs no kernel."""

import math

import numpy as np
import traitlets

from ..draw.chart import Chart
from ..draw.panels import mimebundle_of_panels
from ..draw.wording import number
from ..errors import InputError
from .base import Widget, module, or_message, style

BY_EPOCH = ("loss", "accuracy", "new", "W1", "W2")
LISTS, NUMBERS = ("five", *BY_EPOCH), ("first", "ln C")
FLOOR = 1e-6  # on the logarithmic axes, what is below is drawn here


class Symptoms(Widget):
    """Runs side by side: ``Symptoms({"sound": bp.symptoms(net, data), "patient 1": …})``.

    runs     {name: {"first", "ln C", "five", "loss", "accuracy", "new", "W1", "W2"}}, two or more: the loss
             before the first step and ln C; the losses of five samples learned by heart; and epoch by epoch
             the loss, the accuracy on known and on new samples, and, as it begins, ‖dW‖ of both layers
    left, right    the names of the two that are shown at first; epoch, counted from 1

    All of them follow the reader and can be set.
    """

    _esm = module("symptoms")
    _css = style("plot", "charts", "choice", "symptoms")
    remembers = ("left", "right", "epoch")
    left = traitlets.Unicode().tag(sync=True)
    right = traitlets.Unicode().tag(sync=True)
    epoch = traitlets.Int(1).tag(sync=True)

    def __init__(self, runs, left=None, right=None, epoch=None):
        data = {"start": {}} | or_message(lambda: symptoms_data(runs, left, right, epoch))
        super().__init__(data=data, **data["start"])

    def still(self):
        runs = self.data["runs"]
        names = list(dict.fromkeys([self.left, self.right]))
        charts = [
            _chart("loss", {name: runs[name]["loss"] for name in names}),
            _chart("accuracy on new samples", {name: runs[name]["new"] for name in names}),
            _chart("‖dW1‖", {name: runs[name]["W1"] for name in names}),
            _chart("loss of five samples", {name: runs[name]["five"] for name in names}),
        ]
        words = [_in_words(name, runs[name], self.epoch) for name in names]
        return mimebundle_of_panels(f"Symptoms: {' and '.join(names)}", charts, words)


def symptoms_data(runs, left=None, right=None, epoch=None):
    """What the browser needs: {"runs": {name: run}, "epochs", "start": {"left", "right", "epoch"}}.

    A number that is not finite becomes None. Raises InputError for fewer than two runs, a run without all its
    parts, runs of different lengths, and a choice that is not there.
    """
    if not isinstance(runs, dict) or len(runs) < 2 or not all(isinstance(name, str) for name in runs):
        raise InputError("Symptoms: runs has to be a dict of two runs or more: {name: symptoms}")
    plain = {name: _plain(name, run) for name, run in runs.items()}
    lengths = {len(run[part]) for run in plain.values() for part in BY_EPOCH}
    if len(lengths) != 1 or 0 in lengths:
        raise InputError(f"Symptoms: all runs need equally many epochs; got {sorted(lengths)}")
    (epochs,) = lengths
    names = list(plain)
    start = {"left": left or names[0], "right": right or names[1], "epoch": epoch or epochs}
    for side in ("left", "right"):
        if start[side] not in plain:
            raise InputError(f"Symptoms: {side} is one of {', '.join(names)}; got {start[side]!r}")
    if not isinstance(start["epoch"], int | np.integer) or not 1 <= start["epoch"] <= epochs:
        raise InputError(f"Symptoms: epoch is a whole number from 1 to {epochs}; got {epoch!r}")
    return {"runs": plain, "epochs": epochs, "start": start | {"epoch": int(start["epoch"])}}


def _plain(name, run):
    if not isinstance(run, dict) or (missing := [part for part in (*NUMBERS, *LISTS) if part not in run]):
        missing = missing if isinstance(run, dict) else [*NUMBERS, *LISTS]
        raise InputError(f"Symptoms: the run {name!r} lacks {', '.join(missing)}; make it with bp.symptoms")
    return {part: _finite(run[part]) for part in NUMBERS} | {
        part: list(map(_finite, run[part])) for part in LISTS
    }


def _finite(x):
    x = float(x) + 0.0  # −0 is 0
    return x if math.isfinite(x) else None


def _chart(title, runs):
    """Two curves, their height in powers of ten unless they are shares."""
    share = title.startswith("accuracy")
    height = (lambda y: y) if share else (lambda y: math.log10(max(y, FLOOR)))
    drawn = {
        name: [(k, height(y)) for k, y in enumerate(ys, start=1) if y is not None]
        for name, ys in runs.items()
    }
    heights = [y for points in drawn.values() for _, y in points] or [0.0]
    low, high = (0, 1) if share else (math.floor(min(heights)), math.floor(max(heights)) + 1)
    ticks = {k: f"{k}" if share else f"1e{k}".replace("-", "−") for k in (low, high)}
    last = max(2, *map(len, runs.values()))
    curves = tuple(
        (name, role, drawn[name], role == "gradient")
        for name, role in zip(drawn, ("value", "gradient"), strict=False)
    )
    return Chart(title, (1, last), (low, high), {1: "1", last: str(last)}, ticks, curves)


def _in_words(name, run, epoch):
    def at(part):
        return number(run[part][epoch - 1])

    return (
        f"{name}: first loss {number(run['first'])} beside ln C = {number(run['ln C'])}; five samples end at "
        f"{number(run['five'][-1])}; epoch {epoch} begins with ‖dW1‖ {at('W1')}, ‖dW2‖ {at('W2')}, "
        f"ends with loss {at('loss')}, accuracy {at('accuracy')}, on new samples {at('new')}."
    )
