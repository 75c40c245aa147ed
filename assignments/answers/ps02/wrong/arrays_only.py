"""
mistake: raised
cell: test_sigmoid
points: 3.3333
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
    y, e = np.ones(x.shape), np.exp(-np.abs(x))
    y[x < 0] = e[x < 0]
    return y / (1 + e)


def sigmoid_backward(upstream, y):
    return upstream * y * (1 - y)
