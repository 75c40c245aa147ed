"""
mistake: W for Wᵀ
cell: test_product
points: 0.3
"""


# %% product
def product_backward(dY, X, W):
    return dY @ W, X.T @ dY
