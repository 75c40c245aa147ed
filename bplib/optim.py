"""Learning: a step down the gradient, and the loop that takes it for one mini-batch after another."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from .errors import InputError, ShapeError, need, shapes
from .values import as_input


class SGD:
    """Stochastic gradient descent: p ← p − lr · ∂loss/∂p, in place, for every parameter p.

    Raises InputError when lr is not a positive number.
    """

    def __init__(self, lr=0.5):
        self.lr = _positive("lr", lr)

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        for name in params:
            params[name] -= self.lr * grads[name]


class Momentum:
    """Gradient descent with a memory: v ← momentum · v − lr · ∂loss/∂p, then p ← p + v, in place.

    It remembers one v for each parameter's name, so every network needs a Momentum of its own.
    Raises InputError when lr is not positive or momentum is not in [0, 1).
    """

    def __init__(self, lr=0.2, momentum=0.9):
        self.lr, self.momentum = _positive("lr", lr), momentum
        if not 0 <= momentum < 1:
            raise InputError(f"momentum must be at least 0 and less than 1; got {momentum}")
        self._v = {}

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        for name in params:
            self._v[name] = self.momentum * self._v.get(name, 0.0) - self.lr * grads[name]
            params[name] += self._v[name]


@dataclass
class History:
    """What happened in training.

    step_loss              the loss of every mini-batch
    loss                   their mean, for each epoch
    accuracy               on the training samples, after each epoch
    validation_loss, validation_accuracy    the same on the validation samples, when there are some
    best_epoch             the epoch (from 0) with the lowest validation loss, None without validation
    """

    step_loss: list = field(default_factory=list)
    loss: list = field(default_factory=list)
    accuracy: list = field(default_factory=list)
    validation_loss: list = field(default_factory=list)
    validation_accuracy: list = field(default_factory=list)
    best_epoch: int | None = None


def train(
    net, x, t, *, epochs=40, batch_size=32, optimiser=None, rng=0, validation=None, patience=None,
    progress=True,
):  # fmt: skip
    """Train net on the samples x and their targets t, in mini-batches of a new random order each epoch.

    net          a network of bplib, or your own with params, loss, gradient and accuracy
    x, t         N samples and N targets, along the first axis
    optimiser    SGD(0.5) when left out
    rng          a Generator or a seed: the same one gives the same training
    validation   (x, t) that are not trained on
    patience     stop after so many epochs without a lower validation loss; the best parameters are put back
    progress     show a bar
    Changes the parameters of net, and returns the History.
    Raises InputError for numbers that make no sense, and when the loss is no longer a number;
    ShapeError when x and t differ in N; MissingExtra when the bar's package is not installed.
    """
    _check_numbers(validation, epochs=epochs, patience=patience)
    training = steps(net, x, t, batch_size=batch_size, optimiser=optimiser, rng=rng, validation=validation)
    in_an_epoch, best = len(range(0, len(x), batch_size)), None
    with _bar(epochs, progress) as bar, np.errstate(all="ignore"):
        for epoch in bar:
            *_, history = islice(training, in_an_epoch)
            if progress:
                bar.set_postfix(loss=f"{history.loss[-1]:.4f}", accuracy=f"{history.accuracy[-1]:.4f}")
            if validation and history.best_epoch == epoch and patience:
                best = {name: np.array(net.params[name]) for name in net.params}
            if patience and epoch - history.best_epoch >= patience:
                break
    for name in best or ():
        net.params[name][...] = best[name]
    return history


def steps(net, x, t, *, batch_size=32, optimiser=None, rng=0, validation=None):
    """The same training as a generator: next() takes one step, for as many epochs as are asked for.

    Yields the History after every mini-batch; the last one of an epoch has that epoch written down.
    Takes and raises what train does.
    """
    x, t = _samples("train", x, t)
    validation = validation and _samples("validation", *validation)
    _check_numbers(validation, batch_size=batch_size)
    return _steps(net, x, t, batch_size, optimiser or SGD(), np.random.default_rng(rng), validation)


def _steps(net, x, t, batch_size, optimiser, rng, validation):
    history = History()
    while True:
        batches = _batches(len(x), batch_size, rng)
        for k, batch in enumerate(batches, start=1):
            _step(net, x[batch], t[batch], optimiser, history.step_loss)
            if k == len(batches):
                _note(history, k, net, x, t, validation)
            yield history


def _step(net, x, t, optimiser, step_loss):
    """One mini-batch: note its loss, and take a step of the optimiser."""
    if hasattr(net, "loss_and_gradient"):
        loss, grads = net.loss_and_gradient(x, t)
    else:
        loss, grads = net.loss(x, t), net.gradient(x, t)
    if not np.isfinite(loss):
        raise InputError(
            f"train: the loss is {loss} at step {len(step_loss)}: the parameters have run away. "
            f"Begin again with a smaller learning rate, or look for extreme values in x"
        )
    optimiser.update(net.params, grads)
    step_loss.append(float(loss))


def _batches(n, size, rng):
    """The numbers 0 … n−1 in random order, ``size`` at a time; the last batch may be smaller."""
    order = rng.permutation(n)
    return [order[i : i + size] for i in range(0, n, size)]


def _note(history, steps, net, x, t, validation):
    """Write down how the epoch of so many steps ended."""
    history.loss.append(float(np.mean(history.step_loss[-steps:])))
    history.accuracy.append(net.accuracy(x, t))
    if validation:
        history.validation_loss.append(float(net.loss(*validation)))
        history.validation_accuracy.append(net.accuracy(*validation))
        history.best_epoch = int(np.argmin(history.validation_loss))


def _bar(epochs, progress):
    """The numbers of the epochs, to loop over; with a bar when progress is wanted."""
    if not progress:
        return nullcontext(range(epochs))
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise need("tqdm", "course") from None
    return tqdm(range(epochs), desc="training", unit="epoch")


def _samples(what, x, t):
    """x and t as arrays, one entry of each for every sample."""
    x, _ = np.asarray(as_input(x, "x")), as_input(t, "t")
    t = np.asarray(t)
    if x.ndim < 2 or t.ndim < 1 or len(x) != len(t):
        raise ShapeError(
            f"{what}: x (N, …) needs one target in t for each of its N samples; got {shapes(x=x, t=t)}"
        )
    if not len(x):
        raise InputError(f"{what}: there is no sample, x has the shape {x.shape}")
    return x, t


def _check_numbers(validation, **numbers):
    for name, number in numbers.items():
        if number is None and name == "patience":
            continue
        if not isinstance(number, int | np.integer) or number < 1:
            raise InputError(f"train: {name} must be a positive integer; got {number!r}")
    if numbers.get("patience") and not validation:
        raise InputError("train: patience watches the validation loss; pass validation=(x, t)")


def _positive(name, number):
    if not 0 < number < np.inf:
        raise InputError(f"{name} must be a positive number; got {number!r}")
    return number
