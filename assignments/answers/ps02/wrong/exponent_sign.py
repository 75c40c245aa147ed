"""
mistake: opposite sign
cell: test_sigmoid
points: 2
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
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) < 0, 1.0, e) / (1.0 + e)


def sigmoid_backward(upstream, y):
    return upstream * y * (1 - y)
