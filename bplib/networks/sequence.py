"""Layers in a row, and branches around them. What is made of layers can be a part of more."""

import copy
from collections import Counter
from collections.abc import Mapping
from contextlib import contextmanager
from itertools import combinations

import numpy as np

from .. import gates
from ..errors import GraphError, InputError, expect_shapes
from ..gates.foreign import as_gate
from ..graph.node import Node
from .layers import Layer, Parameters, Part, any_node


class Joint(Mapping):
    """The parameters of several layers under one roof, always as the layers have them now.

    owners    {"W1": (layer, "W"), …}
    """

    def __init__(self, owners):
        self._places = {key: (layer.params, name) for key, (layer, name) in owners.items()}

    def __getitem__(self, key):
        params, name = self._places[key]
        return params[name]

    def get(self, key, default=None):
        return self[key] if key in self._places else default

    def __iter__(self):
        return iter(self._places)

    def __len__(self):
        return len(self._places)


class Sequential(Part):
    """Layers in a row, as one layer: forward runs them in order, backward in the opposite order.

    layers    one after another, or a list, or a dict that names them; each a layer, layers in a row, a gate,
              or your own rule with forward and backward
    params    of the k-th layer that has a W: W1, W2, …; likewise b1, gamma1, …
    grads     their gradients, after a backward pass
    Raises GraphError when a layer, or the array of a parameter, stands at two places: it has one memory.
    """

    def __init__(self, *layers):
        layers = layers[0] if len(layers) == 1 and isinstance(layers[0], Mapping | list | tuple) else layers
        self.layers = _named(layers)
        self._settle(self.leaves())

    def _settle(self, leaves):
        expect_memories_of_their_own(leaves)
        self._owners = owners_of(leaves)
        self.params = Parameters(Joint(self._owners))

    @property
    def name(self):
        """What a network calls it, followed by a number."""
        return type(self).__name__

    def leaves(self):
        return tuple(leaf for layer in self.layers.values() for leaf in layer.leaves())

    @property
    def grads(self):
        return {key: layer.grads[name] for key, (layer, name) in self._owners.items() if name in layer.grads}

    def forward(self, x):
        """What the last layer makes of what the others have made of x."""
        if any_node((x,)):
            return self.in_graph((x,), self.nodes())
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        """The gradient of x."""
        for layer in reversed(self.layers.values()):
            upstream = layer.backward(upstream)
        return upstream

    def in_graph(self, xs, params):
        """The node that the layers make of xs, where params[layer] are in place of the layer's own."""
        for layer in self.layers.values():
            xs = (layer.in_graph(xs, params),)
        return xs[0]

    def nodes(self):
        """Every parameter as an input of a graph: {layer: {"W": node W1, …}, …}."""
        return self.in_place({key: Node(array, key) for key, array in self.params.items()})

    def in_place(self, params):
        """{layer: {"W": what params has as W1, or else the layer's own, …}, …}."""
        found = {leaf: dict(leaf.params) for leaf in self.leaves()}
        for key, value in params.items():
            if key not in self._owners:
                raise InputError(
                    f"there is no parameter {key!r}; there are {', '.join(self.params) or 'none'}"
                )
            layer, name = self._owners[key]
            found[layer][name] = value
        return found

    def __repr__(self):
        return f"{type(self).__name__}: {' → '.join(self.layers)}, {self.params!r}"


class Residual(Sequential):
    """out = x + layers(x): a branch around layers in a row, on which a gradient comes back as it is.

    shortcut    a layer for the branch, when layers(x) has another shape than x
    Source: He, Zhang, Ren and Sun, Deep residual learning, 2015.
    """

    def __init__(self, *layers, shortcut=None):
        self.shortcut = Sequential(shortcut) if shortcut else Sequential()
        super().__init__(*layers)

    def leaves(self):
        return (*super().leaves(), *self.shortcut.leaves())

    def forward(self, x):
        if any_node((x,)):
            return self.in_graph((x,), self.nodes())
        return self._joined(super().forward(x), self.shortcut.forward(x))

    def backward(self, upstream):
        """The gradient of x: at the fork, what comes back on both branches is added up."""
        return gates.add_up((super().backward(upstream), self.shortcut.backward(upstream)))

    def in_graph(self, xs, params):
        return self._joined(super().in_graph(xs, params), self.shortcut.in_graph(xs, params))

    @staticmethod
    def _joined(out, branch):
        rule = "what the layers make of x needs the shape of x, or else a shortcut that changes it too"
        expect_shapes(np.shape(out) == np.shape(branch), "Residual", rule, layers=out, branch=branch)
        return gates.add(out, branch)


def as_layer(thing):
    """thing, when it is a layer or several; a gate, or somebody's own rule, is made one.

    Of a rule that remembers its forward pass it takes a copy: two layers with one memory would forget one.
    Raises GraphError when it has no forward or no backward.
    """
    if isinstance(thing, Part):
        return thing
    gate = as_gate(thing)
    return Layer(copy.deepcopy(gate) if getattr(gate, "keeps_state", False) else gate)


def owners_of(leaves):
    """{"W1": (layer, "W"), …}: the k-th layer that has a parameter of that name gives it the number k."""
    owners, used = {}, Counter()
    for leaf in leaves:
        number = 1 + max((used[name] for name in leaf.params), default=0)
        owners |= {f"{name}{number}": (leaf, name) for name in leaf.params}
        used |= dict.fromkeys(leaf.params, number)
    return owners


def expect_memories_of_their_own(leaves):
    """Raise GraphError when a layer, or the array of a parameter, is there twice."""
    for one, other in combinations(leaves, 2):
        if _memory(one) is _memory(other):
            raise GraphError(f"one {one.name} stands at two places, with one memory: make one for each place")
    arrays = [(layer, name, array) for layer in leaves for name, array in layer.params.items()]
    for (one, name, array), (other, its, same) in combinations(arrays, 2):
        if np.shares_memory(array, same):
            raise GraphError(
                f"{name} of {one.name} and {its} of {other.name} are one array, and each would take "
                f"its own step with it. Give one a copy; for shared weights, use one node twice in a graph"
            )


def _memory(leaf):
    """Who remembers the forward pass: the layer, or somebody's own rule inside of it."""
    return leaf.gate.rule if getattr(leaf.gate, "keeps_state", False) else leaf


@contextmanager
def in_mode(part, training):
    """The part in training, or in evaluation, and afterwards again as it was."""
    before = [(leaf, leaf.training) for leaf in part.leaves()]
    try:
        yield part._in_mode(training)
    finally:
        for leaf, mode in before:
            leaf.training = mode


def _named(layers):
    """{"Affine1": layer, …}: the names as given, or else each kind counted."""
    if isinstance(layers, Mapping):
        return {name: as_layer(layer) for name, layer in layers.items()}
    count, named = Counter(), {}
    for layer in map(as_layer, layers):
        count[layer.name] += 1
        named[f"{layer.name}{count[layer.name]}"] = layer
    return named
