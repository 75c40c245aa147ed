"""Layers: a gate with the face that the books give it, forward(…) and then backward(upstream).

A layer remembers what its backward pass will need, and keeps its parameters; the mathematics is the gate's.
"""

from collections.abc import MutableMapping

import numpy as np

from . import gates
from .errors import GraphError, InputError, ShapeError, shapes
from .foreign import as_gate
from .values import as_input, as_value, like


class Parameters(MutableMapping):
    """The parameters of a layer or a network: a dict of arrays whose places are fixed.

    Assigning writes the numbers into the array that is there, so whoever shares it sees them:
    ``params["W"] -= step`` and ``params["W"] = params["W"] - step`` do the same.
    (In a plain dict the second one binds a new array, and a layer that was given the old one goes stale.)
    Raises InputError for an unknown name or a NaN, ShapeError for another shape.
    """

    def __init__(self, arrays):
        self._arrays = dict(arrays)

    def __getitem__(self, name):
        return self._arrays[name]

    def __setitem__(self, name, value):
        array = self._arrays.get(name)
        if array is None:
            raise InputError(f"there is no parameter {name!r}; there are {', '.join(self) or 'none'}")
        if value is array:  # params[name] -= step has been done by now
            return
        value = as_input(value, name)
        if np.shape(value) != array.shape:
            raise ShapeError(f"{name} keeps its shape {array.shape}; got {np.shape(value)}")
        array[...] = value

    def __delitem__(self, name):
        raise InputError(f"parameter {name!r} cannot be taken away: its layer needs it")

    def __iter__(self):
        return iter(self._arrays)

    def __len__(self):
        return len(self._arrays)

    def __repr__(self):
        return f"Parameters: {shapes(**self._arrays)}"


class Layer:
    """A gate that remembers: forward(*xs) keeps what backward(upstream) will need.

    params    the inputs of the gate that the layer keeps itself, shared with whoever gave them
    grads     their gradients, after a backward pass
    It has one memory, of the last forward pass. Used at two places of a graph it answers for the last of
    them only, so make one layer for each place. A copy of it begins without that memory.
    Raises GraphError when backward comes before any forward or the number of inputs is wrong.
    """

    def __init__(self, gate, **params):
        self.gate = as_gate(gate)
        self.symbol = self.gate.symbol
        free = len(self.gate.inputs) - len(params)
        self.inputs, kept = self.gate.inputs[:free], self.gate.inputs[free:]
        if set(kept) != set(params):
            names = ", ".join(self.gate.inputs)
            raise GraphError(f"{self.gate.name} layer: only the last of its inputs ({names}) can be kept")
        self._kept = {name: np.asarray(as_value(params[name], name)) for name in kept}
        self.params = Parameters(self._kept)
        self.grads = {}
        self._seen = None

    def forward(self, *xs):
        """gate(*xs, *params), remembered."""
        if len(xs) != len(self.inputs):
            self.gate.expect_inputs((*xs, *self._kept))
        xs = (*map(as_value, xs, self.inputs), *self._kept.values())
        try:
            out = as_value(self._out(*xs))
        except ValueError as error:
            self.gate.explain(error, xs)
            raise
        self._seen = (out, *xs)
        return out

    def _out(self, *xs):
        return self.gate.forward(*xs)

    def backward(self, upstream):
        """The downstream gradient of each input (alone when there is one); those of params go to grads."""
        if self._seen is None:
            raise GraphError(f"{self.gate.name} layer: backward needs a forward pass before it")
        upstream, out = as_value(upstream, "upstream"), self._seen[0]
        if np.shape(upstream) != np.shape(out):
            got = shapes(upstream=upstream, out=out)
            raise ShapeError(f"{self.gate.name}.backward: upstream needs the shape of out; got {got}")
        downstream = self._downstream(upstream, *self._seen)
        free = len(self.inputs)
        if self._kept:
            self.grads = dict(zip(self._kept, downstream[free:], strict=True))
        return downstream[:free] if free > 1 else downstream[0]

    def _downstream(self, upstream, out, *xs):
        return self.gate.backward(upstream, out, *xs)

    def __getstate__(self):
        return vars(self) | {"grads": {}, "_seen": None}


class AddLayer(Layer):
    """out = x + y; backward(upstream) -> (dx, dy)."""

    def __init__(self):
        super().__init__(gates.add)


class MulLayer(Layer):
    """out = x · y; backward(upstream) -> (dx, dy)."""

    def __init__(self):
        super().__init__(gates.multiply)


class Relu(Layer):
    """out = max(0, x), entry by entry; backward(upstream) -> dx."""

    def __init__(self):
        super().__init__(gates.relu)


class Sigmoid(Layer):
    """out = 1 / (1 + e⁻ˣ), entry by entry; backward(upstream) -> dx."""

    def __init__(self):
        super().__init__(gates.sigmoid)


class Tanh(Layer):
    """out = tanh x, entry by entry; backward(upstream) -> dx."""

    def __init__(self):
        super().__init__(gates.tanh)


class Affine(Layer):
    """out = x W + b; backward(upstream) -> dx, and grads["W"], grads["b"].

    x (N, D), W (D, M), b (M,) -> (N, M). A sample may have any shape: x (N, C, H, W) is read as
    (N, C·H·W), and dx comes back in the shape of x.
    W and b stay the caller's arrays: a change in place is a change of the layer.
    of_data    x is data, as in a network's first layer: backward gives no dx, but None, and saves a product
    Raises ShapeError when D or M differ.
    """

    def __init__(self, W, b, *, of_data=False):
        super().__init__(gates.affine, W=W, b=b)
        if np.ndim(W) != 2 or np.shape(b) != np.shape(W)[1:]:
            raise ShapeError(f"Affine: W has the shape (D, M) and b (M,); got {shapes(W=W, b=b)}")
        self.of_data = of_data

    def _out(self, x, W, b):
        return self.gate.forward(_rows(x), W, b)

    def _downstream(self, upstream, out, x, W, b):
        wanted = (not self.of_data, True, True)
        dx, dW, db = self.gate.partial_backward(wanted, upstream, out, _rows(x), W, b)
        return dx if dx is None else dx.reshape(x.shape), dW, db


def _rows(x):
    """Every sample as one row of numbers, whatever its shape is."""
    return x.reshape(len(x), -1) if np.ndim(x) > 2 else x


class Loss(Layer):
    """A gate that judges scores by targets, at the end of a network: backward starts with ∂loss/∂loss = 1."""

    def backward(self, upstream=1.0):
        """The gradient of the scores; targets have none."""
        return super().backward(upstream)[0]

    def _out(self, x, t):
        if not isinstance(self.gate, gates.Loss):
            return self.gate.forward(x, t)
        out, self._slope = self.gate.judge(x, t)
        return out

    def _downstream(self, upstream, out, x, t):
        if not isinstance(self.gate, gates.Loss):
            return self.gate.backward(upstream, out, x, t)
        return like(upstream * self._slope, x), None


class SoftmaxWithLoss(Loss):
    """The mean cross-entropy of softmax(x) and the targets t, one number; backward(upstream=1.0) -> dx.

    x (N, C); t class numbers (N,), or one-hot or soft labels (N, C)
    """

    def __init__(self):
        super().__init__(gates.softmax_with_loss)
