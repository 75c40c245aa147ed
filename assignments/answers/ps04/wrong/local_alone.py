"""
mistake: upstream ignored
cell: test_product
points: 0
"""


# %% product
def product_backward(dY, X, W):
    return W.T, X.T
