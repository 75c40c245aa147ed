"""Layers: a gate with the face that the books give it, forward(…) and then backward(upstream).

A layer remembers what its backward pass will need, and keeps its parameters; the mathematics is the gate's.
"""

from collections.abc import MutableMapping
from math import prod
from threading import local
from types import MappingProxyType

import numpy as np

from .. import gates
from ..errors import GraphError, InputError, ShapeError, expect_shapes, shapes
from ..gates.foreign import as_gate
from ..graph.node import Node
from ..names import SAME, by_other_names, unknown
from ..values import as_input, as_value, like


class Parameters(MutableMapping):
    """The parameters of a layer or a network: a dict of arrays whose places are fixed.

    Assigning writes the numbers into the array that is there, so whoever shares it sees them:
    ``params["W"] -= step`` and ``params["W"] = params["W"] - step`` do the same.
    (In a plain dict the second one binds a new array, and a layer that was given the old one goes stale.)
    Raises InputError for an unknown name or a NaN, ShapeError for another shape.
    """

    def __init__(self, arrays):
        self._arrays = arrays

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


class Memory(local):
    """What a layer remembers of its last forward and backward pass. Every thread remembers its own."""

    seen = asked = None
    grads = MappingProxyType({})


class Part:
    """What networks are made of: one layer, or several in a row. part(x) is part.forward(x)."""

    def leaves(self):
        """The single layers of which it consists, in order."""
        return (self,)

    def train(self):
        """From now on, work as in training: dropout drops, batch norm takes the mean of the batch."""
        return self._in_mode(True)

    def evaluate(self):
        """From now on, work as after training: nothing drops, batch norm takes the mean of all batches."""
        return self._in_mode(False)

    def _in_mode(self, training):
        for leaf in self.leaves():
            leaf.training = training
        return self

    def __call__(self, *xs):
        return self.forward(*xs)

    def __getattr__(self, name):
        if name in SAME:
            return getattr(self, SAME[name])
        raise unknown(type(self).__name__, name)


class Layer(Part):
    """A gate that remembers: forward(*xs) keeps what backward(upstream) will need.

    params    the inputs of the gate that the layer keeps itself, shared with whoever gave them
    grads     their gradients, after a backward pass; layer.W and layer.dW are params["W"] and grads["W"]
    It has one memory, of the last forward pass (of this thread). Used at two places it answers for the last
    of them only, so make one layer for each place. A copy of it begins without that memory.
    Of a node, layer(node) makes a node: then nothing is remembered, the parameters are inputs of the graph,
    and one layer may stand at many places.
    Raises GraphError when backward comes before any forward or the number of inputs is wrong.
    """

    training, state = True, MappingProxyType({})  # for layers that work otherwise while they learn

    def __init__(self, gate, **params):
        self.gate = as_gate(gate)
        self.symbol = self.gate.symbol
        free = len(self.gate.inputs) - len(params)
        self.inputs, kept = self.gate.inputs[:free], self.gate.inputs[free:]
        if set(kept) != set(params):
            names = ", ".join(self.gate.inputs)
            raise GraphError(f"{self.gate.name} layer: only the last of its inputs ({names}) can be kept")
        self._keep({name: params[name] for name in kept})

    def _keep(self, params):
        self._kept = {name: np.asarray(as_value(array, name)) for name, array in params.items()}
        self.params, self._memory = Parameters(self._kept), Memory()

    @property
    def name(self):
        """What a network calls it, followed by a number: Affine1, Relu1, …"""
        return self.gate.name

    @property
    def grads(self):
        return self._memory.grads

    @property
    def pure(self):
        """The rule, for a graph, where nothing need be remembered; None where the layer does more than it."""
        changed = type(self).forward is not Layer.forward or type(self).backward is not Layer.backward
        return None if self._kept or changed else self.gate

    def forward(self, *xs):
        """gate(*xs, *params), remembered."""
        if len(xs) != len(self.inputs):
            self.gate.expect_inputs((*xs, *self._kept))
        if any_node(xs):
            self._memory.seen = None
            return self.in_graph(xs, {self: {name: Node(array, name) for name, array in self._kept.items()}})
        xs = (*map(as_value, xs, self.inputs), *self._kept.values())
        try:
            out = as_value(self._out(*xs))
        except ValueError as error:
            self.gate.explain(error, xs)
            raise
        self._memory.seen = (out, *xs)
        return out

    def in_graph(self, xs, params):
        """The node that the layer makes of xs, where params[self] are nodes or arrays in place of its own."""
        return self.gate(*self._checked(xs), *params[self].values())

    def _checked(self, xs):
        """Nodes as they are; what is plain is looked at here, where it has a name."""
        return [x if any_node((x,)) else as_input(x, n) for x, n in zip(xs, self.inputs, strict=True)]

    def _out(self, *xs):
        return self.gate.forward(*xs)

    @by_other_names
    def backward(self, upstream):
        """The downstream gradient of each input (alone when there is one); those of params go to grads."""
        seen = self._memory.seen
        if seen is None:
            raise GraphError(f"{self.name} layer: backward needs a forward pass before it")
        upstream = self._upstream(upstream, seen[0])
        downstream = self._downstream(upstream, *seen)
        free = len(self.inputs)
        if self._kept:
            self._memory.grads = dict(zip(self._kept, downstream[free:], strict=True))
        return downstream[:free] if free > 1 else downstream[0]

    def _upstream(self, upstream, out):
        upstream = as_value(upstream, "upstream")
        if np.shape(upstream) != np.shape(out):
            got = shapes(upstream=upstream, out=out)
            raise ShapeError(f"{self.name}.backward: upstream needs the shape of out; got {got}")
        return upstream

    def _downstream(self, upstream, out, *xs):
        return self.gate.backward(upstream, out, *xs)

    def __getattr__(self, name):
        kept = vars(self).get("_kept", {})
        if name in kept:
            return kept[name]
        if name[:1] == "d" and name[1:] in kept:
            return self.grads.get(name[1:])
        return super().__getattr__(name)

    def __setattr__(self, name, value):
        """layer.W = array: from now on the layer shares that array, as if it had been made with it."""
        kept = vars(self).get("_kept", {})
        if name not in kept:
            return super().__setattr__(name, value)
        array = np.asarray(as_input(value, name))
        rule = f"{name} keeps its shape"
        expect_shapes(array.shape == kept[name].shape, f"{self.name} layer", rule, now=kept[name], new=array)
        kept[name] = array

    def __getstate__(self):
        return {name: value for name, value in vars(self).items() if name != "_memory"}

    def __setstate__(self, state):
        vars(self).update(state, _memory=Memory())


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

    @by_other_names
    def __init__(self, W, b, *, of_data=False):
        super().__init__(gates.affine, W=W, b=b)
        if np.ndim(W) != 2 or np.shape(b) != np.shape(W)[1:]:
            raise ShapeError(f"Affine: W has the shape (D, M) and b (M,); got {shapes(W=W, b=b)}")
        self.of_data = of_data

    def in_graph(self, xs, params):
        return self.gate(*map(_rows, self._checked(xs)), *params[self].values())

    def _out(self, x, W, b):
        return self.gate.forward(_rows(x), W, b)

    def _downstream(self, upstream, out, x, W, b):
        wanted = (not self.of_data, True, True)
        dx, dW, db = self.gate.partial_backward(wanted, upstream, out, _rows(x), W, b)
        return dx if dx is None else dx.reshape(x.shape), dW, db


def any_node(xs):
    """Whether a node is among xs."""
    for x in xs:
        if type(x) is not np.ndarray and hasattr(x, "extend_graph"):
            return True
    return False


def _rows(x):
    """Every sample as one row of numbers, whatever its shape is."""
    shape = np.shape(x)
    return x.reshape(len(x), prod(shape[1:])) if len(shape) > 2 else x


class Loss(Layer):
    """A gate that judges scores by targets, at the end of a network: backward starts with ∂loss/∂loss = 1."""

    @by_other_names
    def backward(self, upstream=1.0):
        """The gradient of the scores; targets have none."""
        return super().backward(upstream)[0]

    def _out(self, x, t):
        if not isinstance(self.gate, gates.Loss):
            return self.gate.forward(x, t)
        out, self._memory.slope = self.gate.judge(x, t)
        return out

    def _downstream(self, upstream, out, x, t):
        if not isinstance(self.gate, gates.Loss):
            return self.gate.backward(upstream, out, x, t)
        return like(upstream * self._memory.slope, x), None


class SoftmaxWithLoss(Loss):
    """The mean cross-entropy of softmax(x) and the targets t, one number; backward(upstream=1.0) -> dx.

    x (N, C); t class numbers (N,), or one-hot or soft labels (N, C)
    """

    def __init__(self):
        super().__init__(gates.softmax_with_loss)
