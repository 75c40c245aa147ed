"""
mistake: integers truncated
cell: test_sigmoid
points: 3.6667
"""


# %% sigmoid
def stages(upstream, x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    y = 1 / c
    dc = upstream * -(y**2)
    db = dc
    da = db * b
    dx = -da
    return dc, db, da, dx


def sigmoid_forward(x):
    e, y = np.exp(-np.abs(x)), np.zeros_like(x)
    y[...] = np.where(np.asarray(x) >= 0, 1.0, e) / (1.0 + e)
    return y


def sigmoid_backward(upstream, y):
    return upstream * y * (1 - y)
