"""
mistake: integers truncated
cell: test_gradient
points: 3.3333
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    slope = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[i] += h
        left[i] -= h
        slope[i] = (f(right) - f(left)) / (2 * h)
    return slope
