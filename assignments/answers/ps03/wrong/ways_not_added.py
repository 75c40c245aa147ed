"""
mistake: not added up
cell: test_products
points: 1.5
"""


# %% products
def pull_back(J, v):
    return J.reshape(v.size, -1) * v.reshape(-1, 1)


def push_forward(J, t):
    return (J.reshape(-1, t.size) @ t.ravel()).reshape(J.shape[: J.ndim - t.ndim])
