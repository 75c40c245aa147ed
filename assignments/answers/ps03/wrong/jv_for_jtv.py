"""
mistake: J and Jᵀ exchanged
cell: test_products
points: 1.5
"""


# %% products
def pull_back(J, v):
    return (J.reshape(-1, v.size) @ v.ravel()).reshape(J.shape[v.ndim :])


def push_forward(J, t):
    return (J.reshape(-1, t.size) @ t.ravel()).reshape(J.shape[: J.ndim - t.ndim])
