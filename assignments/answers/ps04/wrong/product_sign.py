"""
mistake: sign
cell: test_product
points: 1.5
"""


# %% product
def product_backward(dY, X, W):
    return -dY @ W.T, X.T @ dY
