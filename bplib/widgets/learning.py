"""A training to look at: it goes on step by step, can be begun again, and knows no screen."""

import copy
from functools import partial
from itertools import islice
from math import inf, isqrt
from time import perf_counter

import numpy as np

from .. import gates
from ..draw.palette import CLASSES
from ..errors import InputError
from ..networks.network import he, normal, xavier
from ..networks.optim import SGD, steps

GRID, BINS = 48, 31
MOST_POINTS, MOST_IMAGES, MOST_SEEN = 300, 10, 200
NEEDED = ("params", "predict", "loss", "gradient", "accuracy")
AS_GIVEN = "as given"
BEGINNINGS = {
    "he": he,
    "xavier": xavier,
    "small": partial(normal, std=0.01),
    "zeros": lambda n_in, n_out, rng: np.zeros((n_in, n_out)),
    "too large": lambda n_in, n_out, rng: 10 * he(n_in, n_out, rng),
}


class Training:
    """bplib.train to be watched: the same steps, and with the same seed the same numbers.

    losses      of every step so far
    norms       of every step: the norms of the gradients of the weight matrices
    epochs      rows of step, training loss, accuracy, validation loss, accuracy; the first before any step
    net learns in place; optimiser and rng are copied, so that begin() finds them as they were.
    Raises what bplib.train raises, and InputError for a net without params, predict, loss or accuracy.
    """

    def __init__(self, net, x, t, validation=None, optimiser=None, batch_size=32, rng=0):
        if missing := [name for name in NEEDED if not hasattr(net, name)]:
            raise InputError(f"TrainingView: net has no {', '.join(missing)}; pass a network such as MLP(…)")
        self.net, self._optimiser, self._rng = net, optimiser or SGD(), rng
        self._steps = partial(steps, net, x, t, batch_size=batch_size, validation=validation)
        self._steps()  # samples that do not fit are refused before anything is asked of them
        self.x, self.t = np.asarray(x), np.asarray(t)
        self.validation = validation and tuple(map(np.asarray, validation))
        self.in_an_epoch = len(range(0, len(self.x), batch_size))
        self.weights = [name for name in net.params if np.ndim(net.params[name]) == 2]
        self._given = {name: np.array(net.params[name]) for name in net.params}
        self.begin()

    def begin(self, how=AS_GIVEN):
        """Back to step 0 with the weights as they were given, or as one of BEGINNINGS makes them, b = 0."""
        rng = np.random.default_rng(copy.deepcopy(self._rng))
        for name, given in self._given.items():
            self.net.params[name][...] = given if how == AS_GIVEN else _fresh(how, given, rng)
        self.optimiser = copy.deepcopy(self._optimiser)
        listening = _Listening(self.optimiser, self.weights)
        self.norms, self.grads = listening.norms, listening.grads
        self._going = self._steps(optimiser=listening, rng=rng)
        self.losses, self.epochs = [], []
        self._note_epoch(self.net.loss(self.x, self.t))

    @property
    def step(self):
        """How many steps have been taken."""
        return len(self.losses)

    def take(self, count, seconds=inf):
        """So many steps, or fewer when the time is over, but at least one.

        Raises InputError when the loss is no longer a number.
        """
        end = perf_counter() + seconds
        with np.errstate(all="ignore"):
            for history in islice(self._going, count):
                self.losses.append(history.step_loss[-1])
                if self.step % self.in_an_epoch == 0:
                    self._note_epoch(history.loss[-1])
                if perf_counter() > end:
                    break

    def _note_epoch(self, loss):
        judged = np.nan, np.nan
        if self.validation:
            judged = self.net.loss(*self.validation), self.net.accuracy(*self.validation)
        self.epochs.append([self.step, loss, self.net.accuracy(self.x, self.t), *judged])

    def to_be_seen(self):
        """What a histogram can show: the gradient of every weight matrix, the output of every layer."""
        outputs = [f"output of {name}" for name in getattr(self.net, "layers", ())]
        return [f"gradient of {name}" for name in self.weights] + outputs

    def seen(self, what):
        """The numbers of that name: a gradient of the last step, an output for the first samples.

        Raises InputError for an unknown name.
        """
        if what not in self.to_be_seen():
            raise InputError(f"shown is one of {', '.join(self.to_be_seen())}; got {what!r}")
        kind, _, name = what.split(maxsplit=2)
        if kind == "gradient":
            return self.grads.get(name, np.zeros(0))
        out = self.x[:MOST_SEEN]
        with np.errstate(all="ignore"):
            for layer_name, layer in self.net.layers.items():
                out = layer.forward(out)
                if layer_name == name:
                    return out


class _Listening:
    """An optimiser that notes the gradients on their way to another one."""

    def __init__(self, optimiser, weights):
        self.optimiser, self.weights, self.norms, self.grads = optimiser, weights, [], {}

    def update(self, params, grads):
        self.grads.update(grads)
        self.norms.append([float(np.linalg.norm(grads[name])) for name in self.weights])
        self.optimiser.update(params, grads)


def _fresh(how, given, rng):
    return BEGINNINGS[how](*given.shape, rng) if given.ndim == 2 else np.zeros_like(given)


def histogram(numbers):
    """{"low", "high", "counts", "zeros"}: the ends, how many in each bin, and the share that is exactly 0."""
    numbers = np.ravel(numbers)
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return {"low": 0.0, "high": 0.0, "counts": [], "zeros": 0.0}
    counts, ends = np.histogram(numbers, BINS)
    low, high = float(ends[0]), float(ends[-1])
    return {"low": low, "high": high, "counts": counts.tolist(), "zeros": float(np.mean(numbers == 0))}


# ------------------------------------------------------------------------- what a network says of samples


def class_numbers(t):
    """Targets as class numbers (N,), from one-hot rows (N, C) or from one column (N, 1) as well."""
    t = np.asarray(t)
    return t.argmax(axis=1) if t.ndim == 2 and t.shape[1] > 1 else t.reshape(-1).astype(int)


def probabilities(net, x):
    """What net says of x, (N, C) with rows that sum to 1; a single output is the probability of class 1."""
    with np.errstate(all="ignore"):
        scores = np.nan_to_num(net.predict(x), posinf=1e9, neginf=-1e9)
    if scores.shape[1] > 1:
        return gates.softmax.forward(scores)
    loss = getattr(getattr(net, "last_layer", None), "gate", None)
    yes = scores.clip(0, 1) if isinstance(loss, gates.QuadraticCost) else gates.sigmoid.forward(scores)
    return np.hstack([1 - yes, yes])


def picture_of(training):
    """What the network is asked again and again, as plain data.

    "plane"     samples have two numbers: a grid over them, and the samples
    "images"    samples are square images: the first of each class, held-out ones where there are some
    "none"      otherwise
    """
    x, t = training.validation or (training.x, training.t)
    size = x.shape[1] if x.ndim == 2 else 0
    if size == 2:
        return _plane(training.x, class_numbers(training.t))
    if size < 16 or isqrt(size) ** 2 != size:
        return {"kind": "none"}
    classes = class_numbers(t)
    first = [int(np.argmax(classes == c)) for c in np.unique(classes)[:MOST_IMAGES]]
    brightness = np.abs(x[first]) / (np.abs(x[first]).max() or 1.0)
    images = brightness.reshape(len(first), isqrt(size), isqrt(size)).round(2).tolist()
    return {"kind": "images", "images": images, "truth": classes[first].tolist(), "samples": first}


def _plane(x, classes):
    margin = 0.08 * np.ptp(x, axis=0) + 1e-6
    low, high = x.min(axis=0) - margin, x.max(axis=0) + margin
    places = ((x - low) / (high - low))[:MOST_POINTS]
    samples = [[*map(float, place), int(c)] for place, c in zip(places, classes, strict=False)]
    ends = {"low": low.tolist(), "high": high.tolist()}
    return {"kind": "plane", "grid": GRID, "samples": samples, "colours": CLASSES} | ends


def answers(training, picture):
    """What the network says now: (GRID·GRID, C) row by row from the top, (images, C), or nothing."""
    if picture["kind"] == "plane":
        across, up = np.linspace(picture["low"], picture["high"], GRID).T
        grid = np.stack(np.meshgrid(across, up[::-1]), axis=-1)
        return probabilities(training.net, grid.reshape(-1, 2))
    if picture["kind"] == "images":
        x, _ = training.validation or (training.x, training.t)
        return probabilities(training.net, x[picture["samples"]])
    return np.zeros((0, 1))
