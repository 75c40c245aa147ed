"""
mistake: extra 1/N
cell: test_product
points: 1.8
"""


# %% product
def product_backward(dY, X, W):
    return dY @ W.T, X.T @ dY / len(X)
