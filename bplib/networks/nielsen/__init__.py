"""The four equations of backpropagation, BP1–BP4, after M. Nielsen, *Neural Networks and Deep Learning*.

Two forms of the same mathematics, each the transpose of the other:

    rows       X (N, D), W (n_in, n_out), b (n_out,):  z = a W + b    one example a row
    columns    x (D, 1), w (n_out, n_in), b (n_out, 1):  z = w a + b    one example at a time; Network

Layers count from 1, as in the book's equations: W1, b1, z1 and a1 belong to the first layer with weights, and
a0 is x. ``delta[l]``, the error δˡ = ∂C/∂zˡ, is the gradient at the node ``z{l}`` of a trace.

rows       BP1 to BP4, forward, deltas, backprop, update_mini_batch
columns    the network of the book, and the card that translates between both forms
network2   the network of its third chapter: cost functions, regularisation, better first weights
counting   what a pass costs
fitting    shapes, stated in letters and checked
"""

from ...gates import sigmoid
from ...names import SAME, unknown
from . import network2
from .columns import Network, params_to_columns, params_to_rows, samples_to_columns, samples_to_rows
from .counting import Multiplications, chain_multiplications, multiplications
from .rows import (
    backprop,
    bp1,
    bp2,
    bp3,
    bp4,
    cross_entropy_delta,
    cross_entropy_derivative,
    deltas,
    forward,
    quadratic_delta,
    quadratic_derivative,
    read_deltas,
    slope,
    update_mini_batch,
)

__all__ = [
    "Multiplications",
    "Network",
    "backprop",
    "bp1",
    "bp2",
    "bp3",
    "bp4",
    "chain_multiplications",
    "cross_entropy_delta",
    "cross_entropy_derivative",
    "deltas",
    "forward",
    "multiplications",
    "network2",
    "params_to_columns",
    "params_to_rows",
    "quadratic_delta",
    "quadratic_derivative",
    "read_deltas",
    "samples_to_columns",
    "samples_to_rows",
    "sigmoid",
    "slope",
    "update_mini_batch",
]


def __getattr__(name):
    if name in SAME and SAME[name] in __all__:
        return globals()[SAME[name]]
    raise unknown("bplib.nielsen", name)
