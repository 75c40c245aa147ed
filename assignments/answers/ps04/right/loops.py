"""Plain loops over every index."""


# %% slices
def slice_of_x(X, W, i, k):
    moves = np.zeros((X.shape[0], W.shape[1]))
    for j in range(W.shape[1]):
        moves[i, j] = W[k, j]
    return moves


def slice_of_w(X, W, k, j):
    moves = np.zeros((X.shape[0], W.shape[1]))
    for n in range(X.shape[0]):
        moves[n, j] = X[n, k]
    return moves


# %% product
def product_backward(dY, X, W):
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for i in range(X.shape[0]):
        for k in range(W.shape[0]):
            for j in range(W.shape[1]):
                dX[i, k] += dY[i, j] * W[k, j]
                dW[k, j] += dY[i, j] * X[i, k]
    return dX, dW


# %% sandwich
def sandwich_backward(dY, A, B):
    n = len(A)
    P, dP = np.zeros((n, n)), np.zeros((n, n))
    dA, dB = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            for k in range(n):
                P[i, j] += A[i, k] * B[k, j]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                dP[i, k] += dY[i, j] * A[k, j]
                dA[k, j] += dY[i, j] * P[i, k]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                dA[i, k] += dP[i, j] * B[k, j]
                dB[k, j] += dP[i, j] * A[i, k]
    return dA, dB


# %% affine
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        if x.ndim == 1:
            return self.one(x)
        return np.array([self.one(sample.ravel()) for sample in x])

    def one(self, sample):
        out = np.zeros(len(self.b))
        for j in range(len(self.b)):
            out[j] = self.b[j]
            for k in range(len(sample)):
                out[j] += sample[k] * self.W[k, j]
        return out

    def backward(self, dout):
        samples = [self.x] if self.x.ndim == 1 else self.x
        signals = [dout] if self.x.ndim == 1 else dout
        dx = np.zeros(self.x.shape)
        rows = dx.reshape(len(samples), -1)
        self.dW, self.db = np.zeros(self.W.shape), np.zeros(self.b.shape)
        for n in range(len(samples)):
            sample = samples[n].ravel()
            for j in range(len(self.b)):
                self.db[j] += signals[n][j]
                for k in range(len(sample)):
                    rows[n, k] += signals[n][j] * self.W[k, j]
                    self.dW[k, j] += signals[n][j] * sample[k]
        return dx


# %% unbroadcast
def unbroadcast(gradient, shape):
    answer = np.zeros(shape)
    new = gradient.ndim - len(shape)
    for place in np.ndindex(gradient.shape):
        target = tuple(0 if length == 1 else p for p, length in zip(place[new:], shape))
        answer[target] += gradient[place]
    return answer
