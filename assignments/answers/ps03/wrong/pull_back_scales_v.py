"""
mistake: argument changed in place
cell: test_products
points: 2.5
"""


# %% products
def pull_back(J, v):
    x_shape = J.shape[v.ndim :]
    pulled = (J.reshape(v.size, -1).T @ v.ravel()).reshape(x_shape)
    v *= 2
    return pulled


def push_forward(J, t):
    y_shape = J.shape[: J.ndim - t.ndim]
    return (J.reshape(-1, t.size) @ t.ravel()).reshape(y_shape)
