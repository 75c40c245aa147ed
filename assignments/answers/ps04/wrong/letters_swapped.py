"""
mistake: inputs swapped
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    return X.T @ dY, dY @ W.T
