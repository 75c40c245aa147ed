"""Networks: layers in a row and a loss at the end; predict runs them forward, gradient runs them backward.

A network owns its parameters, in one dict: ``net.params["W1"]`` is the very array that the first layer uses.
"""

import copy
import zipfile
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from .. import gates
from ..errors import InputError, ShapeError, expect_shapes
from ..graph.derivatives import grad
from ..graph.numerical import numerical_gradient
from ..values import as_input, as_value
from .layers import Affine, Loss, Parameters, Part, any_node
from .sequence import Sequential, as_layer, in_mode

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
        self._activation = as_layer(activation)

    def forward(self, x):
        """The firing rate."""
        return as_value(self._activation.forward(self._sum.forward(x))[..., 0])

    def backward(self, upstream):
        """The gradient of x."""
        upstream = np.asarray(as_value(upstream, "upstream"))[..., np.newaxis]
        dx = self._sum.backward(self._activation.backward(upstream))
        self.grads = {"w": self._sum.grads["W"][:, 0], "b": float(self._sum.grads["b"][0])}
        return dx


class Network(Sequential):
    """Layers in a row, and a loss at the end.

    layers    as for Sequential: layers, layers in a row, residual branches, gates, rules of your own
    loss      the gate that compares predictions with targets, and carries the 1/N

    params       W1, b1, W2, …; a change of any kind is a change of its layer
    layers       in order, by name;  last_layer: the loss
    A network is a graph when one asks: where x is a node, or params are given, predict and loss make nodes.
    A network whose layers drop or take means is in training at first; accuracy is always that of evaluation.
    """

    def __init__(self, layers, loss=gates.softmax_with_loss):
        super().__init__(layers)
        self.last_layer = loss if isinstance(loss, Loss) else Loss(loss)
        self.dtype = np.result_type(*self.params.values()) if self.params else np.dtype(float)

    def predict(self, x, params=None):
        """x (N, D) -> scores (N, C), before the softmax.

        params    {"W1": array or node, …} in place of the network's own, which stay as they are
        """
        if not any_node((x,)):
            x = np.asarray(as_value(x, "x"), dtype=self.dtype)
        return self.forward(x) if params is None else self.in_graph((x,), self.in_place(params))

    def loss(self, x, t, params=None):
        """The mean loss over the batch, one number.

        t holds what the loss asks for: class numbers (N,) or rows (N, C) for softmax with loss.
        """
        return self.last_layer.forward(self.predict(x, params), t)

    def accuracy(self, x, t):
        """The share of samples whose largest score is at the class t, or at the largest entry of the row t.

        A network with one output says yes where it is above what it makes of 0: 0.5 behind a sigmoid.
        Raises ShapeError unless x has a row, and t an entry, for each sample.
        """
        x, t = as_input(x, "x"), np.asarray(as_input(t, "t"))
        with in_mode(self, training=False):
            scores = self.predict(x)
        rule = "x needs a row, and t an entry, for each sample"
        fits = scores.ndim == 2 and len(scores) and t.shape in (scores.shape[:1], scores.shape)
        expect_shapes(fits, "accuracy", rule, x=x, t=t)
        _expect_finite("accuracy", x)
        if t.ndim == 1 and scores.shape[1] > 1 and not np.isin(t, range(scores.shape[1])).all():
            raise InputError(f"accuracy: t must hold class numbers from 0 to {scores.shape[1] - 1}")
        if scores.shape[1] == 1:
            output = self.leaves()[-1]
            is_activation = output.gate and not output.params
            middle = output.gate(np.zeros(1))[0] if is_activation else 0.0
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

    def input_gradient(self, x, t):
        """∂loss/∂x: how the loss changes with every entry of x, in its shape."""
        x = np.asarray(as_input(x, "x"), dtype=self.dtype)
        _expect_finite("input_gradient", x)
        return grad(lambda x: self.loss(x, t, params={}))(x)

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
                np.savez(file, **self._saved())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def load(self, path):
        """Take the parameters that save(path) wrote; when one of them does not fit, none is taken.

        Raises InputError when path is no npz file or its names differ, ShapeError when a shape differs.
        """
        found, ours = _read(path), self._saved()
        if found.keys() != ours.keys():
            ours, theirs = ", ".join(ours), ", ".join(found)
            raise InputError(f"load: this network has the parameters {ours}; {path} has {theirs or 'none'}")
        found = {name: as_input(array, name) for name, array in found.items()}
        for name, array in ours.items():
            rule = f"{name} of the network and {name} of {path} must have one shape"
            expect_shapes(np.shape(found[name]) == array.shape, "load", rule, network=array, file=found[name])
        ours.update(found)

    def _saved(self):
        """Parameters, and the means that layers have taken while they learned."""
        states = [leaf.state for leaf in self.leaves() if leaf.state]
        means = {f"{name}{k}": array for k, state in enumerate(states, 1) for name, array in state.items()}
        return Parameters(dict(self.params) | means)

    def __repr__(self):
        return (
            f"{type(self).__name__}: {' → '.join([*self.layers, self.last_layer.gate.name])}, {self.params!r}"
        )


class MLP(Network):
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
        self.sizes, dtype = _sizes(sizes), _dtype(dtype)
        rng, depth, layers = np.random.default_rng(rng), len(self.sizes) - 1, {}
        for k, shape in enumerate(pairwise(self.sizes), start=1):
            W, b = initialise(*shape, rng).astype(dtype), np.zeros(shape[1], dtype)
            layers[f"Affine{k}"] = Affine(W, b, of_data=k == 1)
            if gate := activation if k < depth else output:
                layer = as_layer(copy.deepcopy(gate) if isinstance(gate, Part) else gate)
                layers[f"{layer.name}{k}"] = layer
        super().__init__(layers, loss)


class TwoLayerNet(MLP):
    """Affine1, Relu1, Affine2 and softmax with loss: the network of *Deep Learning from Scratch*, chapter 5.

    weight_init_std    the standard deviation of the first weights; biases begin at 0
    """

    def __init__(
        self, input_size, hidden_size, output_size, weight_init_std=0.01, rng=0, *, dtype=np.float64
    ):
        sizes = (input_size, hidden_size, output_size)
        super().__init__(sizes, rng=rng, initialise=partial(normal, std=weight_init_std), dtype=dtype)


def _expect_finite(where, x):
    if not np.isfinite(x).all():
        raise InputError(f"{where}: x is infinite; look for an overflow before it")


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
