"""
mistake: library used
cell: test_accuracy
points: 0
"""

# %% accuracy
import bplib as bp


def accuracy(z, t):
    truth = t if t.ndim == 1 else t.argmax(axis=1)
    return (bp.softmax(z).argmax(axis=1) == truth).mean()
