"""Einstein's sums, with the indices written out."""


# %% slices
def slice_of_x(X, W, i, k):
    return np.einsum("n,m->nm", np.eye(len(X))[i], W[k])


def slice_of_w(X, W, k, j):
    return np.einsum("n,m->nm", X[:, k], np.eye(W.shape[1])[j])


# %% product
def product_backward(dY, X, W):
    return np.einsum("nm,dm->nd", dY, W), np.einsum("nd,nm->dm", X, dY)


# %% sandwich
def sandwich_backward(dY, A, B):
    first = np.einsum("il,kl,jk->ij", dY, A, B)
    last = np.einsum("ij,jk,il->kl", A, B, dY)
    return first + last, np.einsum("ij,il,kl->jk", A, dY, A)


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        self.batch = x.reshape(-1, len(self.W))
        out = np.einsum("nd,dm->nm", self.batch, self.W) + self.b
        return out.reshape(*x.shape[: x.ndim > 1], -1)

    def backward(self, dout):
        dout = np.atleast_2d(dout)
        self.dW = np.einsum("nd,nm->dm", self.batch, dout)
        self.db = np.einsum("nm->m", dout)
        return np.einsum("nm,dm->nd", dout, self.W).reshape(self.x.shape)


# %% unbroadcast
def unbroadcast(gradient, shape):
    letters = "abcdefgh"[: gradient.ndim]
    new = gradient.ndim - len(shape)
    kept = "".join(letter for letter, length in zip(letters[new:], shape) if length > 1)
    return np.einsum(f"{letters}->{kept}", gradient).reshape(shape)
