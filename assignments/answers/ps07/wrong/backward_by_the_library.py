"""
mistake: library used
cell: test_backward
points: 0
"""

# %% backward
import bplib as bp


def gradient(params, x, t):
    def of_params(W1, b1, W2, b2):
        h = bp.relu(bp.affine(x, W1, b1))
        return bp.softmax_with_loss(bp.affine(h, W2, b2), t)

    return bp.grad(of_params)(**params)
