"""
mistake: all zero
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    return np.zeros_like(X), np.zeros_like(W)
