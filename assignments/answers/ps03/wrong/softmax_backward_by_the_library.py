"""
mistake: library used
cell: test_softmax_backward
points: 0
"""

# %% softmax_backward
import bplib as bp


def softmax_backward(upstream, y):
    (scores,) = bp.softmax.backward(upstream, y, np.log(y))
    return scores
