"""
mistake: library used
cell: test_log_softmax
points: 0
"""

# %% log_softmax
import bplib as bp


def log_softmax(z):
    return bp.log_softmax(z)
