"""
mistake: only the diagonal
cell: test_products
points: 1.5
"""


# %% products
def pull_back(J, v):
    return np.diag(J) * v


def push_forward(J, t):
    return (J.reshape(-1, t.size) @ t.ravel()).reshape(J.shape[: J.ndim - t.ndim])
