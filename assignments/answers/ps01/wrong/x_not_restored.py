"""
mistake: x not restored
cell: test_gradient
points: 0.6667
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    if x.dtype.kind == "i":
        x = x.astype(float)
    slope = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        before = x[i]
        x[i] = before + h
        up = f(x)
        x[i] = before - h
        down = f(x)
        slope[i] = (up - down) / (2 * h)
    return slope
