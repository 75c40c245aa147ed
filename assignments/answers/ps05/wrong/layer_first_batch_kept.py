"""
mistake: first batch kept
cell: test_layer
points: 3.5897
"""


# %% layer
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax
        self.y = None

    def forward(self, z, t):
        log_y = self.log_softmax(z)
        rows = np.eye(z.shape[1])[t] if t.ndim == 1 else t
        if self.y is None:
            self.y, self.t = np.exp(log_y), rows
        return -np.sum(rows * log_y) / len(z)

    def backward(self, upstream=1.0):
        return upstream * (self.y - self.t) / len(self.y)
