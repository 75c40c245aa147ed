"""
mistake: factors exchanged
cell: test_product
points: 0.3
"""


# %% product
def product_backward(dY, X, W):
    return W.T @ dY, X.T @ dY
