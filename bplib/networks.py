"""Networks: layers in a row and a loss at the end; predict runs them forward, gradient runs them backward.

A network owns its parameters, in one dict: ``net.params["W1"]`` is the very array that the first layer uses.
"""

import copy
import zipfile
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from . import gates
from .derivatives import numerical_gradient
from .errors import InputError, ShapeError, expect_shapes
from .foreign import as_gate
from .layers import Affine, Layer, Loss, Parameters
from .values import as_input, as_value

# -------------------------------------------------------------------------------- how weights begin


def normal(n_in, n_out, rng, std=0.01):
    """W (n_in, n_out) with independent entries from N(0, std²)."""
    return rng.normal(0.0, std, (n_in, n_out))


def xavier(n_in, n_out, rng):
    """W (n_in, n_out) from N(0, 2 / (n_in + n_out)): signals and gradients keep their size through tanh.

    Source: Glorot and Bengio, 2010.
    """
    return normal(n_in, n_out, rng, np.sqrt(2.0 / (n_in + n_out)))


def he(n_in, n_out, rng):
    """W (n_in, n_out) from N(0, 2 / n_in): twice as wide, since a relu lets half of its inputs through.

    Source: He, Zhang, Ren and Sun, 2015.
    """
    return normal(n_in, n_out, rng, np.sqrt(2.0 / n_in))


# ------------------------------------------------------------------------------------------ networks


class Neuron:
    """One neuron: rate = activation(x · w + b).

    w (D,), b a number, x (D,) or (N, D) -> rate, a number or (N,)
    backward(upstream) -> dx, and grads["w"], grads["b"].
    Raises ShapeError when D differs.
    """

    def __init__(self, w, b=0.0, activation=gates.sigmoid):
        w, b = np.asarray(as_value(w, "w")), np.asarray(as_value(b, "b"))
        if w.ndim != 1 or b.ndim:
            raise ShapeError(f"Neuron: w has the shape (D,) and b is a number; got w {w.shape}, b {b.shape}")
        self.params, self.grads = Parameters({"w": w, "b": b}), {}
        self._sum = Affine(w.reshape(-1, 1), b.reshape(1))
        self._activation = Layer(activation)

    def forward(self, x):
        """The firing rate."""
        return as_value(self._activation.forward(self._sum.forward(x))[..., 0])

    def backward(self, upstream):
        """The gradient of x."""
        upstream = np.asarray(as_value(upstream, "upstream"))[..., np.newaxis]
        dx = self._sum.backward(self._activation.backward(upstream))
        self.grads = {"w": self._sum.grads["W"][:, 0], "b": float(self._sum.grads["b"][0])}
        return dx


class MLP:
    """A multi-layer perceptron: affine, activation, affine, activation, …, affine, and a loss at the end.

    sizes        (D, hidden, …, C): numbers of inputs, of hidden units and of outputs
    activation   the gate between two affine layers, or your own rule with forward and backward; of an
                 object that remembers its forward pass, each layer gets a copy of its own
    loss         the gate that compares predictions with targets, and carries the 1/N
    output       a gate after the last affine layer: sigmoid for Nielsen's networks
    initialise   (n_in, n_out, rng) -> W: he, xavier, normal; biases begin at 0
    rng          a Generator or a seed
    dtype        float64 or float32, for parameters and everything computed from them

    params       W1, b1, W2, b2, …; a change of any kind is a change of its layer
    layers       Affine1, Relu1, Affine2, … in order;  last_layer: the loss
    Raises InputError for sizes that are not at least two positive integers.
    """

    def __init__(
        self,
        sizes,
        activation=gates.relu,
        loss=gates.softmax_with_loss,
        rng=0,
        *,
        output=None,
        initialise=he,
        dtype=np.float64,
    ):
        self.sizes, self.dtype = _sizes(sizes), _dtype(dtype)
        self.last_layer = Loss(loss)
        self._output = as_gate(output) if output else None
        self.layers, self._owners = {}, {}
        rng, depth = np.random.default_rng(rng), len(self.sizes) - 1
        for k, shape in enumerate(pairwise(self.sizes), start=1):
            W, b = initialise(*shape, rng).astype(self.dtype), np.zeros(shape[1], self.dtype)
            affine = Affine(W, b, of_data=k == 1)
            self.layers[f"Affine{k}"] = affine
            self._owners |= {f"{name}{k}": (affine, name) for name in affine.params}
            if gate := activation if k < depth else output:
                layer = Layer(_own(gate))
                self.layers[f"{layer.gate.name}{k}"] = layer
        self.params = Parameters({key: layer.params[name] for key, (layer, name) in self._owners.items()})

    def predict(self, x):
        """x (N, D) -> scores (N, C), before the softmax."""
        x = np.asarray(as_value(x, "x"), dtype=self.dtype)
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        """The mean loss over the batch, one number.

        t holds what the loss asks for: class numbers (N,) or rows (N, C) for softmax with loss.
        """
        return self.last_layer.forward(self.predict(x), t)

    def accuracy(self, x, t):
        """The share of samples whose largest score is at the class t, or at the largest entry of the row t.

        A network with one output says yes where it is above what it makes of 0: 0.5 behind a sigmoid.
        Raises ShapeError unless x has a row, and t an entry, for each sample.
        """
        x, t = as_input(x, "x"), np.asarray(as_input(t, "t"))
        scores = self.predict(x)
        rule = "x needs a row, and t an entry, for each sample"
        fits = scores.ndim == 2 and len(scores) and t.shape in (scores.shape[:1], scores.shape)
        expect_shapes(fits, "accuracy", rule, x=x, t=t)
        if not np.isfinite(x).all():
            raise InputError("accuracy: x is infinite; look for an overflow before it")
        if t.ndim == 1 and scores.shape[1] > 1 and not np.isin(t, range(scores.shape[1])).all():
            raise InputError(f"accuracy: t must hold class numbers from 0 to {scores.shape[1] - 1}")
        if scores.shape[1] == 1:
            middle = self._output(np.zeros(1))[0] if self._output else 0.0
            right = (scores[:, 0] > middle) == (t.reshape(-1) > middle)
        else:
            right = scores.argmax(axis=1) == (t.argmax(axis=1) if t.ndim == 2 else t)
        return float(np.mean(right))

    def gradient(self, x, t):
        """∂loss/∂parameter for every parameter, by one forward and one backward pass: {"W1": (D, H), …}."""
        return self.loss_and_gradient(x, t)[1]

    def loss_and_gradient(self, x, t):
        """Both of them, for the price of the gradient."""
        loss = self.loss(x, t)
        upstream = self.last_layer.backward()
        for layer in reversed(self.layers.values()):
            upstream = layer.backward(upstream)
        return loss, {key: layer.grads[name] for key, (layer, name) in self._owners.items()}

    def numerical_gradient(self, x, t):
        """The same by central differences: two forward passes for every single parameter."""
        return {key: self._numerical_gradient(key, x, t) for key in self.params}

    def _numerical_gradient(self, key, x, t):
        before = self.params[key].copy()

        def loss_with(value):
            self.params[key] = value
            return self.loss(x, t)

        try:
            return numerical_gradient(loss_with, before)
        finally:
            self.params[key] = before

    def save(self, path):
        """Write the parameters to path, as an npz file: all of it or, when that fails, nothing."""
        path = Path(path)
        unfinished = path.with_name(path.name + ".part")
        try:
            with open(unfinished, "wb") as file:
                np.savez(file, **self.params)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def load(self, path):
        """Take the parameters that save(path) wrote; when one of them does not fit, none is taken.

        Raises InputError when path is no npz file or its names differ, ShapeError when a shape differs.
        """
        found = _read(path)
        if found.keys() != self.params.keys():
            ours, theirs = ", ".join(self.params), ", ".join(found)
            raise InputError(f"load: this network has the parameters {ours}; {path} has {theirs or 'none'}")
        found = {name: as_input(array, name) for name, array in found.items()}
        for name, array in self.params.items():
            rule = f"{name} of the network and {name} of {path} must have one shape"
            expect_shapes(np.shape(found[name]) == array.shape, "load", rule, network=array, file=found[name])
        self.params.update(found)

    def __repr__(self):
        return (
            f"{type(self).__name__}: {' → '.join([*self.layers, self.last_layer.gate.name])}, {self.params!r}"
        )


class TwoLayerNet(MLP):
    """Affine1, Relu1, Affine2 and softmax with loss: the network of *Deep Learning from Scratch*, chapter 5.

    weight_init_std    the standard deviation of the first weights; biases begin at 0
    """

    def __init__(
        self, input_size, hidden_size, output_size, weight_init_std=0.01, rng=0, *, dtype=np.float64
    ):
        sizes = (input_size, hidden_size, output_size)
        super().__init__(sizes, rng=rng, initialise=partial(normal, std=weight_init_std), dtype=dtype)


def _own(rule):
    """rule as a gate; when it remembers, a copy: two layers with one memory would forget the first."""
    gate = as_gate(rule)
    return copy.deepcopy(gate) if getattr(gate, "keeps_state", False) else gate


def _sizes(sizes):
    sizes = tuple(sizes)
    if len(sizes) < 2 or not all(isinstance(n, int | np.integer) and n > 0 for n in sizes):
        raise InputError(f"sizes must be at least two positive integers, inputs to outputs; got {sizes}")
    return sizes


def _dtype(dtype):
    dtype = np.dtype(dtype)
    if dtype not in (np.float64, np.float32):
        raise InputError(f"dtype must be float64 or float32; got {dtype}")
    return dtype


def _read(path):
    """The arrays of an npz file, by name."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    except (ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise InputError(f"load: {path} is not an npz file of plain numbers ({error})") from None
