"""
mistake: library used
cell: test_update
points: 0
"""

# %% update
from bplib import nielsen


def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    network = nielsen.Network([len(mini_batch[0][0]), *map(len, biases)], np.random.default_rng(0))
    network.weights, network.biases = list(weights), list(biases)
    network.update_mini_batch(mini_batch, eta)
    return network.weights, network.biases
