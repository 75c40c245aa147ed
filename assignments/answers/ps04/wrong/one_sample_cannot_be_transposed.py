"""
mistake: one sample
cell: test_affine
points: 4.25
"""


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        self.x = x
        self.flat = x.reshape(len(x), -1) if x.ndim > 2 else x
        return self.flat @ self.W + self.b

    def backward(self, dout):
        self.dW = np.dot(self.flat.T, dout)
        self.db = dout.sum(axis=0) if dout.ndim > 1 else dout.copy()
        return (dout @ self.W.T).reshape(self.x.shape)
