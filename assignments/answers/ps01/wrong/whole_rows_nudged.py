"""
mistake: whole rows nudged
cell: test_gradient
points: 3
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slope = np.zeros_like(x)
    for i in range(len(x)):
        e = np.zeros_like(x)
        e[i] = h
        slope[i] = (f(x + e) - f(x - e)) / (2 * h)
    return slope
