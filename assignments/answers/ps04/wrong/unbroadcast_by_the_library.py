"""
mistake: library used
cell: test_unbroadcast
points: 0
"""

# %% unbroadcast
import bplib as bp


def unbroadcast(gradient, shape):
    repeat = bp.gates.Repeat(gradient.shape)
    return repeat.backward(gradient, None, np.zeros(shape))[0]
