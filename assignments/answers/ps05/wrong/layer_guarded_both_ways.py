"""
mistake: 1e-7 in the logarithm
cell: test_layer
points: 3.3846
"""


# %% layer
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        self.t = np.eye(z.shape[1])[t] if t.ndim == 1 else t
        return -np.sum(self.t * np.log(self.y + 1e-7)) / len(z)

    def backward(self, upstream=1.0):
        dy = -upstream * self.t / (self.y + 1e-7) / len(self.y)
        return self.y * (dy - np.sum(dy * self.y, axis=1, keepdims=True))
