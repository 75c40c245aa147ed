"""
mistake: the error of f was swallowed
cell: test_gradient
points: 3.3333
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slope = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        try:
            slope[i] = (f(x + e) - f(x - e)) / (2 * h)
        except Exception:
            slope[i] = np.nan
    return slope
