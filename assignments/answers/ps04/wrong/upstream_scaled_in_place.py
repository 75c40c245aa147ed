"""
mistake: argument changed in place
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    dX = dY @ W.T
    X *= 2
    return dX, X.T @ dY / 2
