"""
mistake: x not restored after an error
cell: test_gradient
points: 3.3333
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
        x[i] = before
        slope[i] = (up - down) / (2 * h)
    return slope
