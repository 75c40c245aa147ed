"""
mistake: library used
cell: test_forward
points: 0
"""

# %% forward
import bplib as bp


def predict(params, x):
    h = bp.relu(bp.affine(x, params["W1"], params["b1"]))
    return bp.affine(h, params["W2"], params["b2"])


def loss(params, x, t):
    return bp.softmax_with_loss(predict(params, x), t)
