"""
mistake: X for Xᵀ
cell: test_product
points: 0.3
"""


# %% product
def product_backward(dY, X, W):
    return dY @ W.T, X @ dY
