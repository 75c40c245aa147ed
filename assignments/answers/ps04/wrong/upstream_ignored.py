"""
mistake: upstream ignored
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    ones = np.ones_like(dY)
    return ones @ W.T, X.T @ ones
