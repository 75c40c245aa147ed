"""
mistake: argument changed in place
cell: test_affine
points: 2.5833
"""


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        self.shape = x.shape
        self.rows = x.reshape(len(x), -1) if x.ndim > 1 else x[None, :]
        out = self.rows @ self.W + self.b
        return out if x.ndim > 1 else out[0]

    def backward(self, dout):
        dout = dout.reshape(len(self.rows), -1)
        self.dW = self.rows.T @ dout
        self.db = dout.sum(axis=0)
        dx = (dout @ self.W.T).reshape(self.shape)
        self.W -= 0.1 * self.dW
        self.b -= 0.1 * self.db
        return dx
