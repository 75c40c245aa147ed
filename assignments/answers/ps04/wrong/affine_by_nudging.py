"""
mistake: numerical derivative
cell: test_affine
points: 0
"""


# %% affine
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def out(self, x, W, b):
        return (x.reshape(len(x), -1) if x.ndim > 1 else x) @ W + b

    def forward(self, x):
        self.x = x.copy()
        return self.out(x, self.W, self.b)

    def backward(self, dout):
        x, W, b = self.x, self.W, self.b
        self.dW = nudge(lambda W: np.sum(dout * self.out(x, W, b)), W)
        self.db = nudge(lambda b: np.sum(dout * self.out(x, W, b)), b)
        return nudge(lambda x: np.sum(dout * self.out(x, W, b)), x)
