"""Windows that slide over a sequence or an image: convolution as a matrix product, pooling as a choice.

x (N, C, …): N samples of C channels, then one axis for a sequence, two for an image. An option that is one
number counts for all of those axes, a tuple has a number for each. Along an axis of size D, with the padding
P on both sides, a kernel of size K and the stride S, a window has (D + 2P − K) // S + 1 places.

Sources: CS231n, notes on convolutional networks; K. Saitoh, Deep Learning from Scratch, ch. 7 (im2col).
"""

import math

import numpy as np

from ..errors import InputError, expect_shapes
from ..values import like
from .base import Gate, anew, whole_numbers
from .entrywise import add
from .reductions import Amax, Mean
from .structure import Reshape


class Windows(Gate):
    """A gate that sees x through windows: stride None sets them side by side.

    Raises ShapeError when the kernel does not fit into x, InputError when an option is no whole number.
    """

    def __init__(self, stride=1, padding=0):
        self.stride = None if stride is None else self.sizes(stride, "stride", 1)
        self.padding = self.sizes(padding, "padding", 0)

    def sizes(self, option, what, least):
        """option, a number for all axes or a tuple of them."""
        sizes = whole_numbers(option, f"{self.name}: {what}")
        if np.min(sizes, initial=least) < least:
            raise InputError(f"{self.name}: {what} must be made of numbers from {least} on, got {option}")
        return sizes

    def geometry(self, x, kernel, **others):
        """kernel, stride, padding and the number of places, each a tuple with a number for each axis."""
        n = len(np.shape(x)) - 2
        options = kernel, kernel if self.stride is None else self.stride, self.padding
        options = [(option,) * n if isinstance(option, int) else option for option in options]
        fits = n > 0 and all(len(option) == n for option in options)
        sides = list(zip(np.shape(x)[2:], *options, strict=True)) if fits else []
        fits = fits and all(0 < k <= size + 2 * p for size, k, _, p in sides)
        rule = "x (N, C, …) needs an axis for each axis of the kernel, and as long with its padding"
        given = f"{rule}; kernel {kernel}, stride {self.stride}, padding {self.padding}"
        expect_shapes(fits, f"{self.name}.forward", given, x=x, **others)
        return *options, tuple((size + 2 * p - k) // s + 1 for size, k, s, p in sides)


class Patches(Windows):
    """out[…, n, place] = what the window sees there, im2col.  Backward is Fold: what windows share adds up.

    x (N, C, …) -> out (C, *kernel, N, *places), a column for each place; beyond its edges x is the border.
    """

    symbol, linear = "patches", True

    def __init__(self, kernel, stride=1, padding=0, border=0.0):
        self.kernel = self.sizes(kernel, "kernel", 1)
        super().__init__(stride, padding)
        self.border = border

    def forward(self, x):
        return self._seen(x, self.border)

    def backward(self, upstream, out, x):
        return (like(Fold(np.shape(x), self.kernel, self.stride, self.padding)(upstream), x),)

    def jvp(self, tangents, out, x):
        return self._seen(*tangents, 0.0)

    def _seen(self, x, border):
        kernel, stride, padding, _ = self.geometry(x, self.kernel)
        n = len(kernel)
        if any(padding):
            x = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)], constant_values=border)
        seen = np.lib.stride_tricks.sliding_window_view(x, kernel, tuple(range(2, n + 2)))
        seen = seen[:, :, *(slice(None, None, s) for s in stride)]  # (N, C, *places, *kernel)
        return seen.transpose(1, *range(n + 2, 2 * n + 2), 0, *range(2, n + 2))


class Fold(Windows):
    """out = patches laid back to where they were seen, and added up, col2im.  Backward is Patches.

    x (C, *kernel, N, *places) -> out (shape), which is (N, C, …). Raises ShapeError when x is another.
    """

    symbol, linear = "fold", True

    def __init__(self, shape, kernel, stride=1, padding=0):
        self.shape = whole_numbers(shape, "Fold: shape")
        self.kernel = self.sizes(kernel, "kernel", 1)
        super().__init__(stride, padding)

    def forward(self, x):
        N, C, *sizes = self.shape
        kernel, stride, padding, places = self.geometry(np.broadcast_to(0.0, self.shape), self.kernel)
        wanted = (C, *kernel, N, *places)
        expect_shapes(np.shape(x) == wanted, "Fold.forward", f"x must be {wanted}", x=x)
        out = np.zeros((C, N, *(size + 2 * p for size, p in zip(sizes, padding, strict=True))), x.dtype)
        for at in np.ndindex(kernel):
            reach = zip(at, places, stride, strict=True)
            out[:, :, *(slice(i, i + s * m, s) for i, m, s in reach)] += x[:, *at]
        inside = (slice(p, p + size) for size, p in zip(sizes, padding, strict=True))
        return out[:, :, *inside].swapaxes(0, 1)

    def backward(self, upstream, out, x):
        return (like(anew(Patches(self.kernel, self.stride, self.padding)(upstream)), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


class Convolution(Windows):
    """out = x ∗ W = W patches, a matrix product; dW = upstream patchesᵀ, dx = Fold of Wᵀ upstream.

    out[n, m, place] = Σ over c and k of x[n, c, stride · place + k] · W[m, c, k]: as in all networks, W is
    not turned round. Every place uses the same W, so its gradient is a sum over all of them.
    x (N, C, …), W (M, C, *kernel) -> out (N, M, *places).
    Raises ShapeError when C differs or W does not fit into x, InputError when an option is no whole number.
    """

    inputs, symbol, bilinear = ("x", "W"), "∗", True

    def forward(self, x, W):
        *_, places = self.geometry(x, np.shape(W)[2:], W=W)
        fits, rule = np.shape(x)[1] == np.shape(W)[1], "x (N, C, …) and W (M, C, …) need the same C"
        expect_shapes(fits, "Convolution.forward", rule, x=x, W=W)
        out = _rows(W) @ self._columns(x, W)
        return out.reshape(len(W), len(x), *places).swapaxes(0, 1)

    def backward(self, upstream, out, x, W):
        return self.partial_backward((True, True), upstream, out, x, W)

    def partial_backward(self, wanted, upstream, out, x, W):
        """When x is data nobody wants dx, and half of the work is saved."""
        rows = _rows(upstream.swapaxes(0, 1))
        dW = like((rows @ self._columns(x, W).T).reshape(W.shape), W)
        if not wanted[0]:
            return None, dW
        seen = _rows(W).T @ rows
        seen = seen.reshape(*W.shape[1:], len(x), *upstream.shape[2:])
        return like(Fold(x.shape, W.shape[2:], self.stride, self.padding)(seen), x), dW

    def jvp(self, tangents, out, x, W):
        dx, dW = tangents
        return self.forward(dx, W) + self.forward(x, dW)

    def _columns(self, x, W):
        """The patches of x as a matrix, a column for each sample and place."""
        seen = Patches(W.shape[2:], self.stride, self.padding)(x)
        return seen.reshape(math.prod(W.shape[1:]), math.prod(seen.shape[len(W.shape) - 1 :]))


def _rows(A):
    """A as a matrix, its first axis against all others."""
    return A.reshape(len(A), math.prod(A.shape[1:]))


def convolution(x, W, b=None, stride=1, padding=0):
    """x ∗ W; to each of the M channels of the result b (M,) is added, if it is given."""
    out = Convolution(stride, padding)(x, W)
    if b is None:
        return out
    M, *places = out.shape[1:]
    expect_shapes(np.shape(b) == (M,), "convolution", "needs a bias for each row of W, b (M,)", x=x, W=W, b=b)
    return add(out, Reshape((M, *(1 for _ in places)))(b))


# ------------------------------------------------------------------------------------------- pooling


class Pool(Windows):
    """A gate that makes one number of what each window sees, channel by channel.

    x (N, C, …) -> out (N, C, *places). Without a stride, windows lie side by side.
    Raises ShapeError when the kernel does not fit into x, or a window could see the padding alone;
    InputError when an option is no whole number.
    """

    linear = True

    def __init__(self, kernel=2, stride=None, padding=0):
        self.kernel = self.sizes(kernel, "kernel", 1)
        super().__init__(stride, padding)

    def forward(self, x):
        kernel, _, padding, _ = self.geometry(x, self.kernel)
        fits = all(p < k for p, k in zip(padding, kernel, strict=True))
        rule = f"needs a padding smaller than the kernel; got padding {padding}, kernel {kernel}"
        expect_shapes(fits, f"{self.name}.forward", rule, x=x)
        return self._of_window(x).forward(self._patches(x)).swapaxes(0, 1)

    def backward(self, upstream, out, x):
        by_channel = upstream.swapaxes(0, 1), out.swapaxes(0, 1)
        (sent,) = self._of_window(x).backward(*by_channel, self._patches(x))
        return (like(Fold(np.shape(x), self.kernel, self.stride, self.padding)(sent), x),)

    def jvp(self, tangents, out, x):
        moved = Patches(self.kernel, self.stride, self.padding)(*tangents)
        return self._of_window(x).jvp([moved], out.swapaxes(0, 1), self._patches(x)).swapaxes(0, 1)

    def _patches(self, x):
        return Patches(self.kernel, self.stride, self.padding, self._border)(x)

    def _of_window(self, x):
        """What becomes of patches (C, *kernel, N, *places), along the axes of the kernel."""
        return self._reduction(axis=tuple(range(1, len(np.shape(x)) - 1)))


class MaxPool(Pool):
    """out = the largest entry in each window.  A router: upstream goes to it, at a tie to the first.

    x (N, C, …) -> out (N, C, *places). Without a stride, windows lie side by side. Padding never wins.
    """

    symbol, _reduction, _border = "max pool", Amax, -math.inf


class AveragePool(Pool):
    """out = the mean of each window, padding of 0 included.  Each entry gets upstream / n, once a window.

    x (N, C, …) -> out (N, C, *places). Without a stride, windows lie side by side.
    """

    symbol, linear, _reduction, _border = "mean pool", True, Mean, 0.0


max_pool, average_pool = MaxPool(), AveragePool()
