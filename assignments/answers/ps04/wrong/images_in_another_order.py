"""
mistake: pixels in another order
cell: test_affine
points: 4.5
"""


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        self.shape = x.shape
        self.rows = x.reshape(len(x), -1, order="F") if x.ndim > 1 else x[None, :]
        out = self.rows @ self.W + self.b
        return out if x.ndim > 1 else out[0]

    def backward(self, dout):
        dout = dout.reshape(len(self.rows), -1)
        self.dW = self.rows.T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.shape)
