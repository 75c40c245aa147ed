"""
mistake: forward difference
cell: test_gradient
points: 2
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slope = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        nudged = x.copy()
        nudged[i] += h
        slope[i] = (f(nudged) - f(x)) / h
    return slope
