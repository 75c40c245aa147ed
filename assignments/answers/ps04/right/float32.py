"""Makes every new array in the dtype of what it is given."""


# %% slices
def slice_of_x(X, W, i, k):
    return np.where(np.arange(len(X))[:, None] == i, W[k], X.dtype.type(0))


def slice_of_w(X, W, k, j):
    return np.where(np.arange(W.shape[1]) == j, X[:, [k]], X.dtype.type(0))


# %% product
def product_backward(dY, X, W):
    return np.inner(dY, W).astype(X.dtype), np.tensordot(X, dY, axes=(0, 0)).astype(W.dtype)


# %% sandwich
def sandwich_backward(dY, A, B):
    dP = np.inner(dY, A)
    dA = np.tensordot(A @ B, dY, axes=(0, 0)) + np.inner(dP, B)
    return dA.astype(A.dtype), np.tensordot(A, dP, axes=(0, 0)).astype(B.dtype)


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return self.flat() @ self.W + self.b

    def flat(self):
        return self.x if self.x.ndim < 3 else self.x.reshape(self.x.shape[0], -1)

    def backward(self, dout):
        flat = self.flat()
        if flat.ndim == 1:
            self.dW, self.db = flat[:, None] * dout, dout.copy()
        else:
            self.dW, self.db = np.tensordot(flat, dout, axes=(0, 0)), np.add.reduce(dout)
        return np.inner(dout, self.W).reshape(self.x.shape).astype(self.x.dtype)


# %% unbroadcast
def unbroadcast(gradient, shape):
    if gradient.shape == shape:
        return gradient
    if gradient.ndim > len(shape):
        return unbroadcast(np.add.reduce(gradient), shape)
    axis = next(i for i in range(len(shape)) if shape[i] < gradient.shape[i])
    return unbroadcast(np.add.reduce(gradient, axis=axis, keepdims=True), shape)
