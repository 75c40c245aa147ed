"""
mistake: taken at y
cell: test_sigmoid
points: 3
"""


# %% sigmoid
def stages(upstream, x):
    b = np.exp(-x)
    y = 1 / (1 + b)
    dc = upstream * -1 / y**2
    db = dc
    da = db * b
    dx = -da
    return dc, db, da, dx


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1.0, e) / (1.0 + e)


def sigmoid_backward(upstream, y):
    return upstream * y * (1 - y)
