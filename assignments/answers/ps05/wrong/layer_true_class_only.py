"""
mistake: true class only
cell: test_layer
points: 2.359
"""


# %% layer
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        log_y = self.log_softmax(z)
        self.y = np.exp(log_y)
        self.t = np.eye(z.shape[1])[t] if t.ndim == 1 else t
        return -np.sum(self.t * log_y) / len(z)

    def backward(self, upstream=1.0):
        return upstream * (self.y - self.t) * (self.t > 0) / len(self.y)
