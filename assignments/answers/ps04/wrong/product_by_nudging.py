"""
mistake: numerical derivative
cell: test_product
points: 0
"""


# %% product
def nudge(f, x, h=1e-7):
    slopes, here = np.zeros(x.shape), f(x)
    for k in np.ndindex(x.shape):
        moved = x.copy()
        moved[k] += h
        slopes[k] = (f(moved) - here) / h
    return slopes


def product_backward(dY, X, W):
    return nudge(lambda X: np.sum(dY * (X @ W)), X), nudge(lambda W: np.sum(dY * (X @ W)), W)
