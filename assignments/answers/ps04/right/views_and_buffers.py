"""Fills buffers of its own in place, through views and out=."""


# %% slices
def slice_of_x(X, W, i, k):
    moves = np.zeros_like(X @ W)
    moves[i, :] += W[k, :]
    return moves


def slice_of_w(X, W, k, j):
    moves = np.zeros_like(X @ W)
    moves.T[j] = X.T[k]
    return moves


# %% product
def product_backward(dY, X, W):
    dX, dW = np.empty_like(X), np.empty_like(W)
    np.matmul(dY, W.T, out=dX)
    np.matmul(dY.T, X, out=dW.T)
    return dX, dW


# %% sandwich
def sandwich_backward(dY, A, B):
    both = np.zeros((2, *A.shape))
    dA, dB = both
    dY = dY.copy()
    np.matmul((A @ B).T, dY, out=dA)
    dY[...] = dY @ A.T
    dA += dY @ B.T
    np.matmul(A.T, dY, out=dB)
    return both


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.empty_like(W), np.empty_like(b)

    def forward(self, x):
        self.x = np.array(x)
        self.rows = self.x.reshape(-1, self.W.shape[0])
        out = np.tile(self.b, (len(self.rows), 1))
        out += self.rows @ self.W
        return out.squeeze(axis=0) if x.ndim == 1 else out

    def backward(self, dout):
        signals = dout.reshape(-1, self.W.shape[1])
        self.dW[...] = self.rows.T @ signals
        np.sum(signals, axis=0, out=self.db)
        dx = np.empty_like(self.x)
        dx.reshape(self.rows.shape)[...] = signals @ self.W.T
        return dx


# %% unbroadcast
def unbroadcast(gradient, shape):
    answer = np.zeros(shape)
    np.add.at(
        answer.reshape(-1), np.broadcast_to(np.arange(answer.size).reshape(shape), gradient.shape), gradient
    )
    return answer
