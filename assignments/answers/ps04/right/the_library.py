"""The library's own gates do the work."""

# %% slices
import bplib as bp


def slice_of_x(X, W, i, k):
    tangent = np.zeros(X.shape)
    tangent[i, k] = 1
    return bp.jvp(lambda X: X @ W, X, tangent)


def slice_of_w(X, W, k, j):
    return bp.jacobian(lambda W: X @ W, W)[:, :, k, j]


# %% product
import bplib as bp


def product_backward(dY, X, W):
    return bp.vjp(bp.matmul, (X, W), dY)


# %% sandwich
import bplib as bp


def sandwich_backward(dY, A, B):
    return bp.vjp(lambda A, B: A @ B @ A, (A, B), dY)


# %% affine
import bplib as bp


class Affine(bp.Affine):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dW, self.db = self.grads["W"], self.grads["b"]
        return dx


# %% unbroadcast
import bplib as bp


def unbroadcast(gradient, shape):
    repeat = bp.gates.Repeat(gradient.shape)
    return repeat.backward(gradient, None, np.zeros(shape))[0]
