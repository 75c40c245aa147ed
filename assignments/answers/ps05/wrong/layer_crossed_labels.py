"""
mistake: every row with every label
cell: test_layer
points: 3.3846
"""


# %% layer
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        log_y = self.log_softmax(z)
        self.y = np.exp(log_y)
        self.t = t
        return -np.mean(log_y[:, t]) if t.ndim == 1 else -np.sum(t * log_y) / len(z)

    def backward(self, upstream=1.0):
        return (
            upstream
            * (self.y - (np.eye(self.y.shape[1])[self.t] if self.t.ndim == 1 else self.t))
            / len(self.y)
        )
