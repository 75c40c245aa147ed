"""
mistake: library used
cell: test_products
points: 1.5
"""

# %% products
import bplib as bp


def pull_back(J, v):
    return bp.vjp(lambda t: push_forward(J, t), np.zeros(J.shape[v.ndim :]), v)


def push_forward(J, t):
    y_shape = J.shape[: J.ndim - len(t.shape)]
    return (J.reshape(np.prod(y_shape), -1) @ t.reshape(-1)).reshape(y_shape)
