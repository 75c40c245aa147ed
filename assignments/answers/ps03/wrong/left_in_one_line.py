"""
mistake: another shape
cell: test_products
points: 2.25
"""


# %% products
def pull_back(J, v):
    return v.ravel() @ J.reshape(v.size, -1)


def push_forward(J, t):
    return (J.reshape(-1, t.size) @ t.ravel()).reshape(J.shape[: J.ndim - t.ndim])
