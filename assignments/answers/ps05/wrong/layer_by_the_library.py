"""
mistake: library used
cell: test_layer
points: 0
"""

# %% layer
import bplib as bp


class SoftmaxWithLoss(bp.SoftmaxWithLoss):
    def __init__(self, log_softmax):
        super().__init__()
