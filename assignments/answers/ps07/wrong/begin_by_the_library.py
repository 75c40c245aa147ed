"""
mistake: library used
cell: test_begin
points: 0
"""

# %% begin
import bplib as bp


def initialise(D, H, C, std, rng):
    net = bp.TwoLayerNet(D, H, C, weight_init_std=std, rng=rng)
    return {name: array.copy() for name, array in net.params.items()}
