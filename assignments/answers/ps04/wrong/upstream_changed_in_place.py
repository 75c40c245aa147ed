"""
mistake: argument changed in place
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    dX, dW = dY @ W.T, X.T @ dY
    dY *= 0
    return dX, dW
