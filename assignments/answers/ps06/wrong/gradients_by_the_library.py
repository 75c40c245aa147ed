"""
mistake: library used
cell: test_gradients
points: 0
"""

# %% gradients
import bplib as bp


def bp3(delta):
    return bp.bp3(delta.T)[:, None]


def bp4(a_previous, delta):
    return bp.bp4(a_previous.T, delta.T).T
