"""
mistake: state shared
cell: test_layer
points: 3.6923
"""


# %% layer
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        log_y = self.log_softmax(z)
        SoftmaxWithLoss.y = np.exp(log_y)
        SoftmaxWithLoss.t = np.eye(z.shape[1])[t] if t.ndim == 1 else t
        return -np.sum(SoftmaxWithLoss.t * log_y) / len(z)

    def backward(self, upstream=1.0):
        return upstream * (SoftmaxWithLoss.y - SoftmaxWithLoss.t) / len(SoftmaxWithLoss.y)
