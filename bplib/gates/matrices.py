"""Matrix products: where the weights are. Rows are samples.

Every formula can be found one element at a time: which entries of out does this entry of x reach?
"""

import re
from string import ascii_letters

import numpy as np

from ..errors import InputError, expect_shapes
from ..values import as_value, like
from .base import Gate, is_node
from .entrywise import multiply


class Matmul(Gate):
    """out = A B, and dA = upstream Bᵀ, dB = Aᵀ upstream: each side gets the other one, transposed.

    A (N, D), B (D, M) -> out (N, M). As in numpy, A (D,) is one row and B (D,) one column, and then out has
    no such axis; stacks (…, N, D), (…, D, M) are multiplied pair by pair and broadcast.
    Raises ShapeError when D differs, or for a plain number.
    Source: CS231n, lecture 4.
    """

    inputs, symbol, bilinear = ("A", "B"), "@", True

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

    x (N, D), W (D, M), b (M,) -> out (N, M); one sample x (D,) -> out (M,), and a stack of rows x (…, D) ->
    out (…, M). The bias is repeated for each row: that is why its gradient is a sum.
    Raises ShapeError when D or M differ.
    Source: K. Saitoh, Deep Learning from Scratch, ch. 5; CS231n, notes on backpropagation.
    """

    inputs, symbol = ("x", "W", "b"), "xW + b"

    def forward(self, x, W, b):
        fits = np.shape(x)[-1:] + np.shape(b) == np.shape(W) and np.ndim(b) == 1 <= np.ndim(x)
        rule = "x @ W + b needs x (N, D) or (D,), W (D, M), b (M,)"
        rule += "; images become rows by x.reshape(len(x), -1)" if np.ndim(x) > 2 else ""
        expect_shapes(fits, "Affine.forward", rule, x=x, W=W, b=b)
        return np.dot(x, W) + b  # np.dot and @ are the same here; at N = 1 np.dot is the faster one

    def backward(self, upstream, out, x, W, b):
        return self.partial_backward((True, True, True), upstream, out, x, W, b)

    def partial_backward(self, wanted, upstream, out, x, W, b):
        """When x is data nobody wants dx, and one product of three is saved."""
        dx = like(np.dot(upstream, W.T), x) if wanted[0] else None
        if np.ndim(x) != 2:  # one row, or stacks of them
            x, upstream = x.reshape(-1, len(W)), upstream.reshape(-1, len(b))
        return dx, like(np.dot(x.T, upstream), W), like(upstream.sum(axis=0), b)

    def jvp(self, tangents, out, x, W, b):
        dx, dW, db = tangents
        return np.dot(dx, W) + np.dot(x, dW) + db

    def partial_jvp(self, tangents, out, x, W, b):
        """When x is data it does not move, and one product of two is saved."""
        dx, dW, db = tangents
        if dx is not None or dW is None or db is None:
            return super().partial_jvp(tangents, out, x, W, b)
        return np.dot(x, dW) + db

    def opened(self, x, W, b):
        return x @ W + b


class Einsum(Gate):
    """out = Σ A B, the product of entries summed over the letters that out has not; dA = Σ upstream B.

    "ij,jk->ik" is the matrix product: each letter is an axis, one that two of the three share is aligned,
    and the gradient of an input is the same sum with upstream in that input's place.
    A, B (shapes that fit the letters) -> out. Raises ShapeError when they do not fit, InputError when the
    letters are not those of two inputs, each letter once in each, and ->.
    Source: NumPy, einsum.
    """

    inputs, symbol, bilinear = ("A", "B"), "einsum", True

    def __init__(self, subscripts):
        self.subscripts = str(subscripts).replace(" ", "")
        form = re.fullmatch(r"([a-zA-Z]*),([a-zA-Z]*)(?:->([a-zA-Z]*))?", self.subscripts)
        parts = [part or "" for part in form.groups()] if form else ["??"]
        twice = any(len(set(part)) < len(part) for part in parts)
        if twice or not set(parts[-1]) <= set(parts[0] + parts[1]):
            rule = "subscripts must be like 'ij,jk->ik', no letter twice in one place"
            raise InputError(f"Einsum: {rule}; got {subscripts!r}")

    @property
    def _letters(self):
        """The letters of A, B and out: where it says no ->, those that occur once, in alphabetical order."""
        inputs, arrow, out = self.subscripts.partition("->")
        once = sorted(letter for letter in set(inputs) - {","} if inputs.count(letter) == 1)
        return (*inputs.split(","), out if arrow else "".join(once))

    def forward(self, A, B):
        a, b, out = self._letters
        axes = [*zip(a, np.shape(A), strict=False), *zip(b, np.shape(B), strict=False)]
        fits = (len(a), len(b)) == (np.ndim(A), np.ndim(B)) and len(dict(axes)) == len(set(axes))
        rule = f"{self.subscripts} needs an axis for each letter, as long as its namesake"
        expect_shapes(fits, "Einsum.forward", rule, A=A, B=B)
        return np.einsum(f"{a},{b}->{out}", A, B, optimize=True)

    def backward(self, upstream, out, A, B):
        a, b, o = self._letters
        return like(_spread(upstream, o, B, b, A, a), A), like(_spread(upstream, o, A, a, B, b), B)

    def jvp(self, tangents, out, A, B):
        dA, dB = tangents
        return self.forward(dA, B) + self.forward(A, dB)


def _spread(upstream, o, other, b, x, a):
    """The same sum with upstream in the place of x; a letter that x has alone was summed, and is repeated."""
    met = "".join(letter for letter in a if letter in o + b)
    shape = [n if letter in met else 1 for letter, n in zip(a, np.shape(x), strict=True)]
    return np.reshape(Einsum(f"{o},{b}->{met}")(upstream, other), shape) * np.ones(np.shape(x))


def einsum(subscripts, *operands):
    """The sum of products that subscripts describe, "ij,jk->ik", over the letters that out has not."""
    if len(operands) != 2:
        ways = "of three, take two at a time; of one, sum, transpose or x * np.eye(n) do it"
        raise InputError(f"einsum: needs two arrays, A and B: {ways}; got {len(operands)}")
    return Einsum(subscripts)(*operands)


def dot(A, B):
    """The dot product as numpy has it: numbers multiply, rows and matrices do what matmul does.

    Of stacks, each row of A meets each column of B: A (…, N, D), B (…, D, M) -> (…, N, …, M).
    """
    A, B = (x if is_node(x) else as_value(x, name) for x, name in ((A, "A"), (B, "B")))
    n_a, n_b = len(np.shape(A)), len(np.shape(B))
    if n_a == 0 or n_b == 0:
        return multiply(A, B)
    if n_b <= 2:
        return matmul(A, B)
    a, b = ascii_letters[: n_a - 1], ascii_letters[n_a : n_a + n_b - 2]
    return einsum(f"{a}Y,{b}YZ->{a}{b}Z", A, B)


matmul, affine = Matmul(), Affine()
