"""A penalty on large weights, in the loss and therefore in its gradient."""

import numpy as np

from .. import gates
from ..errors import InputError
from ..graph.node import Node
from .layers import any_node
from .network import Network


class Penalised(Network):
    """The network net with a penalty for each of its weights in the loss. It shares the layers of net.

    penalty    a gate from an array to a number: bp.gates.L2(strength) is strength Σ W², and books that write
               ½ λ Σ W² call twice this strength λ
    Biases, and whatever has fewer than two axes, are not penalised. Every weight is a fork: one branch goes
    to the data, one to the penalty, and what comes back adds up.
    Raises InputError when net is no network of bplib, or penalty no gate of one input.
    Source: CS231n, notes on linear classification.
    """

    def __init__(self, net, penalty):
        if not isinstance(net, Network):
            raise InputError(f"Penalised: net is a network of bplib; got a {type(net).__name__}")
        if not isinstance(penalty, gates.Gate) or len(penalty.inputs) != 1:
            raise InputError(f"Penalised: penalty is a gate of one input, bp.gates.L2(1e-4); got {penalty!r}")
        super().__init__(net.layers, net.last_layer)
        self.penalty = penalty

    def loss(self, x, t, params=None):
        """The loss of the data and the penalties, one number."""
        if params is None and any_node((x,)):
            params = {key: Node(array, key) for key, array in self.params.items()}
        weights = [W for W in {**self.params, **(params or {})}.values() if len(np.shape(W)) > 1]
        return gates.add_up([super().loss(x, t, params), *map(self.penalty, weights)])

    def loss_and_gradient(self, x, t):
        """Both of them, for the price of the gradient."""
        loss, gradient = super().loss_and_gradient(x, t)
        for key, W in self.params.items():
            if W.ndim > 1:
                (shrink,) = self.penalty.backward(1.0, self.penalty(W), W)
                gradient[key] = gradient[key] + shrink
        return loss, gradient
