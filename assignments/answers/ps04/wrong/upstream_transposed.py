"""
mistake: upstream transposed
cell: test_product
points: 0.3
"""


# %% product
def product_backward(dY, X, W):
    return dY.T @ W.T, X.T @ dY
