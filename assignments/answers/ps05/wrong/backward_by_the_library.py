"""
mistake: library used
cell: test_backward
points: 0
"""

# %% backward
import bplib as bp


def softmax_loss_backward(upstream, y, t):
    dy, _ = bp.cross_entropy.backward(upstream, bp.cross_entropy(y, t), y, t)
    (dz,) = bp.softmax.backward(dy, y, np.log(y))
    return dz
