"""
mistake: entry by entry
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    return dY * W, X * dY
