"""Matrix products: where the weights are. Rows are samples.

Every formula can be found one element at a time: which entries of out does this entry of x reach?
"""

import numpy as np

from ..errors import expect_shapes
from ..values import like
from .base import Gate


class Matmul(Gate):
    """out = A B, and dA = upstream Bᵀ, dB = Aᵀ upstream: each side gets the other one, transposed.

    A (N, D), B (D, M) -> out (N, M). As in numpy, A (D,) is one row and B (D,) one column, and then out has
    no such axis; stacks (…, N, D), (…, D, M) are multiplied pair by pair and broadcast.
    Raises ShapeError when D differs, or for a plain number.
    Source: CS231n, lecture 4.
    """

    inputs, symbol = ("A", "B"), "@"

    def forward(self, A, B):
        fits = np.ndim(A) > 0 < np.ndim(B) and np.shape(A)[-1] == np.shape(B)[-2 if np.ndim(B) > 1 else 0]
        rule = "A @ B needs A.shape[-1] == B.shape[-2], and no plain number"
        expect_shapes(fits, "Matmul.forward", rule, A=A, B=B)
        return np.matmul(A, B)

    def backward(self, upstream, out, A, B):
        if np.ndim(B) == 1:  # one column
            dA, dB = self.backward(np.expand_dims(upstream, -1), out, A, B[:, None])
            return dA, dB[:, 0]
        if np.ndim(A) == 1:  # one row
            dA, dB = self.backward(np.expand_dims(upstream, -2), out, A[None, :], B)
            return dA[0], dB
        return like(upstream @ B.swapaxes(-1, -2), A), like(A.swapaxes(-1, -2) @ upstream, B)

    def jvp(self, tangents, out, A, B):
        dA, dB = tangents
        return np.matmul(dA, B) + np.matmul(A, dB)


class Affine(Gate):
    """out = x W + b, and dx = upstream Wᵀ, dW = xᵀ upstream, db = Σ upstream over the rows.

    x (N, D), W (D, M), b (M,) -> out (N, M); one sample x (D,) -> out (M,).
    The bias is repeated for each row: that is why its gradient is a sum.
    Raises ShapeError when D or M differ.
    Source: K. Saitoh, Deep Learning from Scratch, ch. 5; CS231n, notes on backpropagation.
    """

    inputs, symbol = ("x", "W", "b"), "xW + b"

    def forward(self, x, W, b):
        fits = np.shape(x)[-1:] + np.shape(b) == np.shape(W) and np.ndim(b) == 1 <= np.ndim(x) <= 2
        rule = "x @ W + b needs x (N, D) or (D,), W (D, M), b (M,)"
        expect_shapes(fits, "Affine.forward", rule, x=x, W=W, b=b)
        return np.dot(x, W) + b  # np.dot and @ are the same here; at N = 1 np.dot is the faster one

    def backward(self, upstream, out, x, W, b):
        return self.partial_backward((True, True, True), upstream, out, x, W, b)

    def partial_backward(self, wanted, upstream, out, x, W, b):
        """When x is data nobody wants dx, and one product of three is saved."""
        dx = like(np.dot(upstream, W.T), x) if wanted[0] else None
        if np.ndim(x) == 1:  # one row
            x, upstream = x[None, :], upstream[None, :]
        return dx, like(np.dot(x.T, upstream), W), like(upstream.sum(axis=0), b)

    def jvp(self, tangents, out, x, W, b):
        dx, dW, db = tangents
        return np.dot(dx, W) + np.dot(x, dW) + db

    def opened(self, x, W, b):
        return x @ W + b


matmul, affine = Matmul(), Affine()
