"""
mistake: library used
cell: test_feedforward
points: 0
"""

# %% feedforward
import bplib as bp
from bplib import nielsen


def feedforward(x, weights, biases):
    values = nielsen.forward(x.T, nielsen.params_to_rows(biases, weights))
    depth = range(1, len(weights) + 1)
    return [values[f"z{l}"].T for l in depth], [x, *(values[f"a{l}"].T for l in depth)]
