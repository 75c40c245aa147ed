"""A sum of outer products, sample by sample, and gradients that begin at 0."""


# %% slices
def slice_of_x(X, W, i, k):
    here = np.arange(len(X)) == i
    return np.outer(here, W[k])


def slice_of_w(X, W, k, j):
    here = np.arange(W.shape[1]) == j
    return np.outer(X[:, k], here)


# %% product
def product_backward(dY, X, W):
    dX = np.array([W @ signal for signal in dY])
    dW = np.zeros_like(W)
    for sample, signal in zip(X, dY):
        dW += np.outer(sample, signal)
    return dX, dW


# %% sandwich
def sandwich_backward(dY, A, B):
    gradient = {"A": np.zeros_like(A), "B": np.zeros_like(B)}
    P = A @ B
    dP = dY.dot(A.T)
    gradient["A"] += P.T.dot(dY)
    gradient["A"] += dP.dot(B.T)
    gradient["B"] += A.T.dot(dP)
    return [gradient["A"], gradient["B"]]


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.single = x.ndim == 1
        self.x = x.copy()
        rows = x[None] if self.single else x
        out = np.stack([self.b + sample.ravel() @ self.W for sample in rows])
        return out[0] if self.single else out

    def backward(self, dout):
        rows, signals = (self.x[None], dout[None]) if self.single else (self.x, dout)
        self.dW = sum(np.outer(sample, signal) for sample, signal in zip(rows, signals))
        self.db = sum(signals)
        dx = [(self.W @ signal).reshape(sample.shape) for sample, signal in zip(rows, signals)]
        return np.array(dx[0] if self.single else dx)


# %% unbroadcast
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient
