"""
mistake: library used
cell: test_loss
points: 0
"""

# %% loss
import bplib as bp


def softmax_loss(z, t, log_softmax):
    return bp.softmax_with_loss(z, t)
