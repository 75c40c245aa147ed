"""The TrainingView: a network learns before the reader's eyes, and can be stopped, slowed down and spoilt."""

import asyncio
import math

import numpy as np
import traitlets

from ..draw.chart import Chart
from ..draw.panels import Images, Plane, mimebundle_of_panels
from ..draw.wording import brief, number
from ..errors import InputError
from .base import Widget, module, or_message, style
from .learning import AS_GIVEN, BEGINNINGS, GRID, Training, answers, histogram, picture_of

CHUNK, PAUSE = 0.025, 0.001  # seconds of training, and for all else that the notebook has to do
WITHOUT_END = 10**9  # steps
MOST_POINTS = 200  # of a drawn line: more cannot be told apart
FLOOR = 1e-6  # a loss or a norm below it is drawn here


class TrainingView(Widget):
    """Watch a network learn: ``TrainingView(net, x, t, validation=(x_test, t_test))``.

    net, x, t       as bplib.train takes them; net learns in place. Samples in the plane and square images
                    are shown with what the network says of them
    optimiser       SGD(0.5) when left out; a copy of it learns, at the learning rate of the slider
    batch_size, rng, validation    as in bplib.train: the same seed gives the same curve as there

    Buttons play, pause, take one step or one epoch, and begin again; from Python ``view.take(steps)`` and
    ``view.begin()`` do.
    ``lr``, ``initialise`` and ``shown`` follow the reader and can be set. While it plays, the notebook stays
    free for other cells. A loss that is no longer a number ends it, with the reason and what to do.
    """

    _esm = module("training")
    _css = style("plot", "charts", "training")
    playing = traitlets.Bool().tag(sync=True)
    lr = traitlets.Float(0.0).tag(sync=True)
    initialise = traitlets.Enum([AS_GIVEN, *BEGINNINGS], AS_GIVEN).tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, net, x, t, *, validation=None, optimiser=None, batch_size=32, rng=0):
        def make():
            self.training = Training(net, x, t, validation, optimiser, batch_size, rng)
            return training_data(self.training)

        data = or_message(make)
        super().__init__(data=data)
        if not data["message"]:
            self.lr, self.shown = data["lr"] or 0.0, data["seen"][0]
            self._task = None
            self.on_msg(self._asked)
            self.observe(self._set_lr, "lr")
            self.observe(lambda _: self.begin(), "initialise")
            self.observe(lambda _: self._tell(self.training.step), "shown")

    def begin(self):
        """Begin again, with the weights that ``initialise`` names and the same seed."""
        self.training.begin(self.initialise)
        self.notice = ""
        self._set_lr()
        self._tell()

    def take(self, steps=1):
        """Take so many steps. Raises InputError when the loss is no longer a number."""
        if not self.notice:
            self._go_on(steps)
        if self.notice:
            raise InputError(self.notice)

    def _set_lr(self, _=None):
        if self.data["lr"]:
            self.training.optimiser.lr = self.lr

    def _asked(self, _, content, buffers):
        """The reader's wish: "all" when a view opens, "begin", "pause", "play", or so many steps."""
        wish = content["do"]
        if wish == "all":
            self._tell()
        elif wish == "begin":
            self.begin()
        elif wish == "pause":
            self.playing = False
        elif not self.playing and not self.notice:
            steps = WITHOUT_END if wish == "play" else wish
            if self._task:
                self._task.cancel()  # it was told to pause, and may not have come to it yet
            self._task = asyncio.get_running_loop().create_task(self._play(steps))
            self.playing = True

    async def _play(self, steps):
        """Go on in chunks; between them the notebook does what else it has to do."""
        while self.playing and steps > 0 and not self.notice:
            before = self.training.step
            self._go_on(steps, CHUNK)
            steps -= max(0, self.training.step - before)  # fewer than before: the reader has begun again
            await asyncio.sleep(PAUSE)
        self.playing = False

    def _go_on(self, steps, seconds=math.inf):
        since = self.training.step
        self.notice = or_message(lambda: self.training.take(steps, seconds) or {}, Exception)["message"]
        self._tell(since)

    def _tell(self, since=0):
        """What has happened since that step, and the moment as it is."""
        training = self.training
        news = zip(training.losses[since:], training.norms[since:], strict=False)
        steps = [[loss, *norms] for loss, norms in news]
        epochs = [row for row in training.epochs if row[0] >= since]
        said = np.uint8(255 * answers(training, self.data["picture"]))
        content = {"since": since, "histogram": histogram(training.seen(self.shown))}
        self.send(content, [_as_bytes(steps), _as_bytes(epochs), said.tobytes()])

    def close(self):
        self.playing = False
        super().close()

    def still(self):
        return mimebundle_of_panels("Training", list(_panels(self)), list(_lines(self)))


def _as_bytes(rows):
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite
        return np.float32(rows).tobytes()


def training_data(training):
    """What the browser needs to begin, as plain data: all that stays as it is while the network learns."""
    lr = getattr(training.optimiser, "lr", None)
    return {
        "computes": "kernel",
        "weights": training.weights,
        "inAnEpoch": training.in_an_epoch,
        "validates": bool(training.validation),
        "beginnings": [AS_GIVEN, *BEGINNINGS],
        "seen": training.to_be_seen(),
        "picture": picture_of(training),
        "lr": lr,
        "rates": lr and [min(-4, math.floor(math.log10(lr))), max(1, math.ceil(math.log10(lr)))],
    }


# ------------------------------------------------------------------------------------------ on paper


def _panels(view):
    training, last = view.training, max(1, view.training.step)
    at, loss, accuracy, held_out_loss, held_out_accuracy = map(list, zip(*training.epochs, strict=True))
    every = list(range(1, training.step + 1))
    losses = [("each step", "muted", every, training.losses, False), ("training", "value", at, loss, False)]
    shares = [("training", "value", at, accuracy, False)]
    if training.validation:
        losses.append(("validation", "ink", at, held_out_loss, True))
        shares.append(("validation", "ink", at, held_out_accuracy, True))
    depth = range(len(training.weights))
    norms = [
        (training.weights[k], "gradient", every, [row[k] for row in training.norms], k > 0)
        for k in sorted({depth[0], depth[-1]})
    ]
    ticks = {0: "0", last: f"step {last}"}
    yield _logarithmic("loss", losses, ticks)
    yield Chart("accuracy", (0, last), (0, 1), ticks, {0: "0", 0.5: "0.5", 1: "1"}, _curves(shares, float))
    yield _logarithmic("size of the first and the last gradient", norms, ticks)
    yield from _picture(training, view.data["picture"])


def _logarithmic(title, lines, x_ticks):
    ys = [max(y, FLOOR) for line in lines for y in line[3] if math.isfinite(y)] or [0.1]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    high = max(high, low + 1)
    curves = _curves(lines, lambda y: math.log10(max(y, FLOOR)))
    ticks = {y: brief(10.0**y) for y in range(low, high + 1)}
    return Chart(title, (0, max(x_ticks)), (low, high), x_ticks, ticks, curves)


def _curves(lines, scale):
    return tuple(
        (label, role, [(x, scale(y)) for x, y in _thinned(xs, ys) if math.isfinite(y)], dashed)
        for label, role, xs, ys, dashed in lines
    )


def _thinned(xs, ys):
    """At most MOST_POINTS points, each the mean of its neighbours."""
    size = math.ceil(len(ys) / MOST_POINTS) or 1
    for i in range(0, len(ys), size):
        yield float(np.mean(xs[i : i + size])), float(np.mean(ys[i : i + size]))


def _picture(training, picture):
    said = answers(training, picture)
    if picture["kind"] == "plane":
        classes = said.argmax(axis=1).reshape(GRID, GRID).tolist()
        yield Plane("classes, as the network sees them", classes, picture["samples"][:60])
    if picture["kind"] == "images":
        words = [_reading(truth, row) for truth, row in zip(picture["truth"], said, strict=True)]
        images = [(rows, *text) for rows, text in zip(picture["images"], words, strict=True)]
        yield Images("as the network reads them", images)


def _reading(truth, row):
    """What one image is taken for, and the role of these words."""
    read = int(row.argmax())
    wrong = "" if read == truth else f"is a {truth}"
    return f"{read}: {number(float(row[read]))}\n{wrong}", "ink" if wrong else "value"


def _lines(view):
    training = view.training
    step, loss, accuracy, held_out_loss, held_out_accuracy = training.epochs[-1]
    yield f"After {training.step} steps ({training.step / training.in_an_epoch:.1f} epochs)"
    yield f"training: loss {number(loss)}, accuracy {number(accuracy)} (measured at step {step})"
    if training.validation:
        yield f"validation: loss {number(held_out_loss)}, accuracy {number(held_out_accuracy)}"
    if training.norms:
        sizes = zip(training.weights, training.norms[-1], strict=True)
        yield "size of the last gradients: " + ", ".join(f"{name} {number(size)}" for name, size in sizes)
    if view.notice:
        yield view.notice
