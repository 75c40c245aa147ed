"""
mistake: library used
cell: test_relu
points: 0
"""

# %% relu
import bplib as bp


def relu_backward(upstream, x):
    return bp.vjp(bp.relu, x, upstream)
