"""SlidingKernel: a kernel over an image, place after place, and what each place sends back.

The browser computes at once what Python computes here (static/sliding.js). A test keeps the two equal.
"""

import numpy as np
import traitlets

from ..draw.tables import Table, mimebundle_of_tables
from ..draw.wording import writer
from ..errors import GraphError, InputError, expect_shapes, shapes
from ..graph.trace import plain
from ..values import as_input
from .base import Widget, can_be_sent, module, or_message, style

MOST_SIDE, MOST_STRIDE, MOST_PADDING = 7, 3, 2


class SlidingKernel(Widget):
    """A kernel that slides over an image, forth and back: ``SlidingKernel(X, K, dY, stride=1, padding=0)``.

    X (H, W), K (h, w)    sides up to 7; the padded image is at least as large as the kernel
    dY                    the upstream, ∂loss/∂Y, by default ones; where stride or padding make another
                          number of places, it is repeated, or cut
    step                  how many places have sent something back; the last of them is the one shown

    ``stride``, ``padding`` and ``step`` follow the reader and can be set.
    What cannot be shown is said in its place.
    """

    _esm = module("sliding")
    _css = style("table", "sliding")
    remembers = ("stride", "padding", "step")
    stride = traitlets.Int(min=1, max=MOST_STRIDE).tag(sync=True)
    padding = traitlets.Int(min=0, max=MOST_PADDING).tag(sync=True)
    step = traitlets.Int(min=0).tag(sync=True)

    def __init__(self, X, K, dY=None, stride=1, padding=0, step=0):
        data = {"start": {"stride": 1, "padding": 0, "step": 0}}
        data |= or_message(lambda: sliding_data(X, K, dY, stride, padding, step))
        super().__init__(data=data, **data["start"])

    def still(self):
        data, state = self.data, (self.stride, self.padding, self.step)
        found = slid(data["X"], data["K"], data["dY"], *state)
        names = {
            "X": "value",
            "K": "value",
            "Y": "value",
            "dY": "gradient",
            "dK": "gradient",
            "dX": "gradient",
        }
        tables = [Table(name, role, plain(found[name])) for name, role in names.items()]
        title = f"A kernel over an image, stride {self.stride}, padding {self.padding}"
        return mimebundle_of_tables(title, [tables[:3], tables[3:]], list(_in_words(found, self.step)))


def sliding_data(X, K, dY=None, stride=1, padding=0, step=0):
    """What the browser needs: the tables, the largest options, and where it begins.

    {"X", "K", "dY", "strides": 3, "paddings": 2, "start": {"stride", "padding", "step"}}

    Raises ShapeError, InputError, or GraphError for what is too large or not finite.
    """
    X, K = as_input(X, "X"), as_input(K, "K")
    expect_shapes(
        np.ndim(X) == np.ndim(K) == 2, "SlidingKernel", "X (H, W) and K (h, w) are needed", X=X, K=K
    )
    for name, least, most, given in (
        ("stride", 1, MOST_STRIDE, stride),
        ("padding", 0, MOST_PADDING, padding),
    ):
        if not isinstance(given, int | np.integer) or not least <= given <= most:
            raise InputError(f"SlidingKernel: {name} is a whole number from {least} to {most}; got {given!r}")
    if not all(0 < n <= MOST_SIDE for n in X.shape + K.shape):
        raise GraphError(
            f"SlidingKernel: {shapes(X=X, K=K)} do not suit a screen; it shows sides of 1 to {MOST_SIDE}"
        )
    fits = all(k <= n for n, k in zip(X.shape, K.shape, strict=True))
    expect_shapes(fits, "SlidingKernel", "the kernel has to fit into the image", X=X, K=K)
    P, Q = _places(X.shape, K.shape, stride, padding)
    dY = np.ones((P, Q)) if dY is None else as_input(dY, "dY")
    expect_shapes(np.shape(dY) == (P, Q), "SlidingKernel", f"dY needs the shape of Y, {(P, Q)}", dY=dY)
    if not isinstance(step, int | np.integer) or not 0 <= step <= P * Q:
        raise InputError(f"SlidingKernel: step is a whole number from 0 to {P * Q}; got {step!r}")
    data = {"X": plain(X), "K": plain(K), "dY": plain(dY), "strides": MOST_STRIDE, "paddings": MOST_PADDING}
    if not can_be_sent(data):
        raise GraphError("SlidingKernel: a number is not finite here; choose others")
    return data | {"start": {"stride": int(stride), "padding": int(padding), "step": int(step)}}


def _places(image, kernel, stride, padding):
    return [(n + 2 * padding - k) // stride + 1 for n, k in zip(image, kernel, strict=True)]


def slid(X, K, dY, stride, padding, step):
    """All tables when the first `step` places have sent something back; X and dX with their padding.

    {"X", "K", "Y", "dY", "dK", "dX"}: arrays
    """
    X, K = np.pad(np.array(X), padding), np.array(K)
    (h, w), (P, Q) = K.shape, _places(np.shape(X), K.shape, stride, 0)
    dY = np.array([[dY[i % len(dY)][j % len(dY[0])] for j in range(Q)] for i in range(P)])
    Y, dK, dX = np.zeros((P, Q)), np.zeros_like(K), np.zeros_like(X)
    for n in range(P * Q):
        i, j = divmod(n, Q)
        window = np.s_[i * stride : i * stride + h, j * stride : j * stride + w]
        Y[i, j] = np.sum(X[window] * K)
        if n < step:
            dK += dY[i, j] * X[window]
            dX[window] += dY[i, j] * K
    return {"X": X, "K": K, "Y": Y, "dY": dY, "dK": dK, "dX": dX}


def _in_words(found, step):
    P, Q = found["Y"].shape
    if step == 0:
        yield f"Each of the {P * Q} places uses the same {found['K'].size} weights."
        yield "Nothing has come back yet."
        return
    i, j = divmod(min(step, P * Q) - 1, Q)
    text = writer(plain(found["dY"]))(found["dY"][i, j])
    yield f"Y[{i}, {j}] is the last of {step} places that have sent something back, dY[{i}, {j}] = {text}."
    yield "Each sends dY times the weights to its window, and dY times its window to the weights: sums."
