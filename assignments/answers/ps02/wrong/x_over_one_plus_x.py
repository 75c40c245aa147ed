"""
mistake: overflow
cell: test_sigmoid
points: 3
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
    return np.exp(x) / (1 + np.exp(x))


def sigmoid_backward(upstream, y):
    return upstream * y * (1 - y)
