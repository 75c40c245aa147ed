"""
mistake: state shared
cell: test_affine
points: 4.6667
"""


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        global remembered
        self.shape = x.shape
        remembered = x.reshape(len(x), -1) if x.ndim > 1 else x[None, :]
        out = remembered @ self.W + self.b
        return out if x.ndim > 1 else out[0]

    def backward(self, dout):
        dout = dout.reshape(len(remembered), -1)
        self.dW = remembered.T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.shape)
