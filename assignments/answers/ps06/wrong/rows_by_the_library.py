"""
mistake: library used
cell: test_rows
points: 0
"""

# %% rows
import bplib as bp


def gradient(X, Y, params):
    def cost(W1, b1, W2, b2):
        a = bp.sigmoid(bp.affine(bp.sigmoid(bp.affine(X, W1, b1)), W2, b2))
        return bp.quadratic_cost(a, Y)

    return bp.grad(cost)(**params)
