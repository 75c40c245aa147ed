"""Learning: a step down the gradient, and the loop that takes it for one mini-batch after another."""

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from ..errors import InputError, ShapeError, need, shapes
from ..names import by_other_names
from ..values import as_input
from .layers import Part


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
        self.lr, self.momentum = _positive("lr", lr), _share("momentum", momentum)
        self._v = {}

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        for name in params:
            self._v[name] = self.momentum * self._v.get(name, 0.0) - self.lr * grads[name]
            params[name] += self._v[name]


class Nesterov(Momentum):
    """Momentum whose gradient looks ahead: v as there, then p ← p + momentum · v − lr · ∂loss/∂p.

    Source: Y. Bengio, N. Boulanger-Lewandowski, R. Pascanu, Advances in optimizing recurrent networks, 2012.
    """

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        for name in params:
            self._v[name] = self.momentum * self._v.get(name, 0.0) - self.lr * grads[name]
            params[name] += self.momentum * self._v[name] - self.lr * grads[name]


class AdaGrad:
    """A rate for every entry, the smaller the more it has moved: h ← h + g², then p ← p − lr · g / (√h + ε).

    g is ∂loss/∂p. h only grows, so the steps only shrink. It remembers one h for each parameter's name.
    Raises InputError when lr is not a positive number. Source: Duchi, Hazan and Singer, 2011.
    """

    def __init__(self, lr=0.01, eps=1e-7):
        self.lr, self.eps = _positive("lr", lr), _positive("eps", eps)
        self._h = {}

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        for name in params:
            self._h[name] = self._h.get(name, 0.0) + grads[name] ** 2
            params[name] -= self.lr * grads[name] / (np.sqrt(self._h[name]) + self.eps)


class RMSProp:
    """AdaGrad that forgets: h ← decay · h + (1 − decay) · g², then p ← p − lr · g / (√h + ε).

    g is ∂loss/∂p. It remembers one h for each parameter's name.
    Raises InputError when lr is not positive or decay is not in [0, 1).
    Source: G. Hinton, Neural networks for machine learning, lecture 6.
    """

    @by_other_names
    def __init__(self, lr=0.01, decay=0.99, eps=1e-7):
        self.lr, self.decay, self.eps = _positive("lr", lr), _share("decay", decay), _positive("eps", eps)
        self._h = {}

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        for name in params:
            self._h[name] = self.decay * self._h.get(name, 0.0) + (1.0 - self.decay) * grads[name] ** 2
            params[name] -= self.lr * grads[name] / (np.sqrt(self._h[name]) + self.eps)


class Adam:
    """Momentum and RMSProp together: m and v are running means of g and g², and p ← p − lr · m̂ / (√v̂ + ε).

    m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  where g is ∂loss/∂p. Both begin at 0 and are too
    small at first: after k steps, m̂ = m / (1 − β₁ᵏ) and v̂ = v / (1 − β₂ᵏ) make up for that. It remembers
    m, v and k for each parameter's name.
    Raises InputError when lr is not positive or a β is not in [0, 1). Source: Kingma and Ba, 2015.
    """

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.eps = _positive("lr", lr), _positive("eps", eps)
        self.beta1, self.beta2 = _share("beta1", beta1), _share("beta2", beta2)
        self._memory = {}

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        for name in params:
            m, v, k = self._memory.get(name, (0.0, 0.0, 0))
            m = self.beta1 * m + (1.0 - self.beta1) * grads[name]
            v = self.beta2 * v + (1.0 - self.beta2) * grads[name] ** 2
            self._memory[name] = m, v, k + 1
            m, v = m / (1.0 - self.beta1 ** (k + 1)), v / (1.0 - self.beta2 ** (k + 1))
            params[name] -= self.lr * m / (np.sqrt(v) + self.eps)


class WeightDecay:
    """Any optimiser, and weights that shrink: W ← W − lr · strength · W, then the optimiser's own step.

    Only weights shrink, parameters with two axes or more; biases and scales do not. With SGD it is the
    gradient of ½ strength Σ W²; with Adam it is not, and is called AdamW. Penalised has it in the loss.
    Raises InputError when strength is not a positive number. Source: Loshchilov and Hutter, 2019.
    """

    def __init__(self, optimiser, strength=1e-4):
        self.optimiser, self.strength = optimiser, _positive("strength", strength)

    def update(self, params, grads):
        """One step. The arrays of params are changed, those of grads are not."""
        shrunk = {name: self.optimiser.lr * self.strength * params[name] for name in params}
        self.optimiser.update(params, grads)
        for name in params:
            if np.ndim(shrunk[name]) > 1:
                params[name] -= shrunk[name]


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
    Changes the parameters of net, leaves it in evaluation, and returns the History.
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
    with _training(net):
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


@contextmanager
def _training(net):
    """net in training, and then in evaluation, whoever asks it next."""
    if not isinstance(net, Part):
        yield
        return
    net.train()
    try:
        yield
    finally:
        net.evaluate()


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
        raise need("tqdm") from None
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


def _share(name, number):
    if not 0 <= number < 1:
        raise InputError(f"{name} must be at least 0 and less than 1; got {number}")
    return number
