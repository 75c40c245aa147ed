"""
mistake: numerical derivative
cell: test_layer
points: 0.6154
"""


# %% layer
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        self.z, self.t = z.copy(), np.eye(z.shape[1])[t] if t.ndim == 1 else t.copy()
        return self.loss(z)

    def loss(self, z):
        return -np.sum(self.t * self.log_softmax(z)) / len(z)

    def backward(self, upstream=1.0):
        return upstream * nudge(self.loss, self.z)
