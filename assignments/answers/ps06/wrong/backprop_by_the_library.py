"""
mistake: library used
cell: test_backprop
points: 0
"""

# %% backprop
from bplib import nielsen


def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    network = nielsen.Network([len(x), *map(len, biases)], np.random.default_rng(0))
    network.weights, network.biases = weights, biases
    return network.backprop(x, y)
