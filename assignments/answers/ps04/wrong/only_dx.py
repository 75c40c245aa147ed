"""
mistake: product_backward has to return two arrays
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    return [dY @ W.T]
