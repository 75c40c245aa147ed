"""
mistake: J and Jᵀ exchanged
cell: test_products
points: 1.5
"""


# %% products
def pull_back(J, v):
    return (v.ravel() @ J.reshape(v.size, -1)).reshape(J.shape[v.ndim :])


def push_forward(J, t):
    return (t.ravel() @ J.reshape(t.size, -1)).reshape(J.shape[: J.ndim - t.ndim])
