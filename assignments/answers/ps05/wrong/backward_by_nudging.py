"""
mistake: numerical derivative
cell: test_backward
points: 0
"""


# %% backward
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def softmax_loss_backward(upstream, y, t):
    rows = np.eye(y.shape[1])[t] if t.ndim == 1 else t

    def loss(z):
        return np.sum(np.log(np.exp(z).sum(axis=1))) / len(z) - np.sum(rows * z) / len(z)

    return upstream * nudge(loss, np.log(y))
