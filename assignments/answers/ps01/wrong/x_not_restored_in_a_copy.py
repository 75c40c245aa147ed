"""
mistake: x not restored
cell: test_gradient
points: 2
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slope = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] = x[i] - h
        down = f(x)
        x[i] = x[i] + 2 * h
        up = f(x)
        slope[i] = (up - down) / (2 * h)
    return slope
