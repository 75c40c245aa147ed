"""
mistake: numerical derivative
cell: test_sigmoid
points: 3
"""


# %% sigmoid
def stages(upstream, x):
    b = np.exp(-x)
    dc = -upstream / (1 + b) ** 2
    return dc, dc, dc * b, -dc * b


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1.0, e) / (1.0 + e)


def sigmoid_backward(upstream, y, h=1e-5):
    x = np.log(y / (1 - y))
    return upstream * (sigmoid_forward(x + h) - sigmoid_forward(x - h)) / (2 * h)
