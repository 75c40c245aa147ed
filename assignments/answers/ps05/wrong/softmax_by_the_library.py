"""
mistake: library used
cell: test_softmax
points: 0
"""

# %% softmax
import bplib as bp


def softmax(z):
    return bp.softmax(z)
