"""
mistake: put back by arithmetic
cell: test_gradient
points: 2.8889
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    if x.dtype.kind == "i":
        x = x.astype(float)
    slope = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        try:
            moved = h
            x[i] += h
            up = f(x)
            moved = -h
            x[i] -= 2 * h
            down = f(x)
        finally:
            x[i] -= moved
        slope[i] = (up - down) / (2 * h)
    return slope
