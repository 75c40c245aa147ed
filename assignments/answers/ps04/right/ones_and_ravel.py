"""The bias as one more row of weights, sums as products with ones."""


# %% slices
def slice_of_x(X, W, i, k):
    one = np.zeros(X.shape)
    one[i, k] = 1
    return one @ W


def slice_of_w(X, W, k, j):
    one = np.zeros(W.shape)
    one[k, j] = 1
    return X @ one


# %% product
def product_backward(dY, X, W):
    return (W @ dY.T).T, (dY.T @ X).T


# %% sandwich
def sandwich_backward(dY, A, B):
    P, Q = A @ B, B @ A
    return dY @ Q.T + P.T @ dY, np.linalg.multi_dot([A.T, dY, A.T])


# %% affine
class Affine:
    def __init__(self, W, b):
        self.both = np.vstack([W, b])
        self.D = len(W)

    def forward(self, x):
        self.x = x
        rows = np.reshape(x, (x.size // self.D, self.D))
        self.with_one = np.hstack([rows, np.ones((len(rows), 1))])
        out = self.with_one @ self.both
        return out[0] if x.ndim == 1 else out

    def backward(self, dout):
        dout = dout if dout.ndim == 2 else dout[np.newaxis]
        d_both = self.with_one.T @ dout
        self.dW, self.db = d_both[:-1], d_both[-1]
        return (dout @ self.both.T)[:, :-1].reshape(self.x.shape)


# %% unbroadcast
def unbroadcast(gradient, shape):
    aligned = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    repeated = tuple(axis for axis, length in enumerate(aligned) if length == 1)
    return np.sum(gradient, axis=repeated, keepdims=True).reshape(shape)
