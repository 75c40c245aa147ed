"""Assignment 11: a kernel along a line, windows as rows, a layer of kernels, max pooling, books."""

from itertools import product

import numpy as np

from ...check.compare import Mistake, compare
from ...check.report import Finding
from ..exercise import Unusable, question
from .common import (
    CHANGED,
    and_then,
    compared,
    in_numpy,
    left_alone,
    likeliest_first,
    normal,
    returned,
    several,
    whole,
)

# ------------------------------------------------------------------------------- task 1: along a sequence

# Length, kernel, stride: overlapping, with a gap, side by side, one weight, one place, an even kernel.
SEQUENCES = ((7, 3, 1), (9, 3, 2), (9, 2, 3), (6, 1, 1), (5, 5, 1), (8, 4, 2))


@in_numpy("slide: what the window sees", parts=7)
def slides(slide, seed=0):
    def findings():
        for T, K, S in SEQUENCES:
            x, w = normal((seed, T, K), T, K)
            yours = returned(slide(x.copy(), w.copy(), S), "slide")
            yield compared(f"y, {_told(T, K, S)}", yours, _slid(x, w, S), _slips_forth(x, w, S))

    yield from and_then(findings(), lambda: [_alone(slide, *normal((seed, 1), 6, 2), 1)])


def _told(T, K, S):
    return f"{T} numbers, kernel of {K}, stride {S}"


def _starts(T, K, S):
    return range(0, T - K + 1, S)


def _slid(x, w, S):
    return np.array([x[i : i + len(w)] @ w for i in _starts(len(x), len(w), S)])


def _slips_forth(x, w, S):
    turned = "slide the kernel as it is: its first weight meets the first number of the window"
    yield Mistake("kernel turned round", turned, _slid(x, w[::-1], S))
    yield Mistake(
        "last place left out", "the window also fits where its end meets the end", _slid(x, w, S)[:-1]
    )
    yield Mistake("stride ignored", "the window moves by the stride", _slid(x, w, 1))
    yield Mistake(
        "kernel hangs over the edge",
        "there is no padding here: the window stays inside",
        _slid(np.pad(x, (0, len(w) - 1)), w, S),
    )


def _exact_slide_back(slide_back):
    x, w, upstream = whole((6,), (2,), (5,))
    yield from zip(slide_back(upstream, x, w, 1), _slid_back(upstream, x, w, 1), strict=True)


@in_numpy("slide_back: what comes back to x and to w", parts=13, exact=_exact_slide_back)
def slides_back(slide_back, seed=0):
    def findings():
        for T, K, S in SEQUENCES:
            x, w, dy = normal((seed, T, K), T, K, len(_starts(T, K, S)))
            yours = several(slide_back(dy.copy(), x.copy(), w.copy(), S), ("dx", "dw"), "slide_back")
            right = _slid_back(dy, x, w, S)
            slips = likeliest_first(_slips_back(dy, x, w, S), dict(enumerate(yours)))
            for k, name in enumerate(("dx", "dw")):
                mistakes = [slip._replace(gives=slip.gives[k]) for slip in slips]
                yield compare(f"{name}, {_told(T, K, S)}", yours[k], right[k], mistakes)

    yield from and_then(findings(), lambda: [_alone(slide_back, *normal((seed, 1), 5, 6, 2), 1)])


def _slid_back(dy, x, w, S, step=None, add=True):
    """dx and dw; step is how far apart the windows are laid back, where that is another number."""
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i, signal in enumerate(dy):
        at = i * (S if step is None else step)
        window = slice(at, at + len(w))
        dx[window] = signal * w + (dx[window] if add else 0.0)
        dw = signal * x[window] + (dw if add else 0.0)
    return dx, dw


def _slips_back(dy, x, w, S):
    dx, dw = right = _slid_back(dy, x, w, S)
    over = _slid_back(dy, x, w, S, add=False)
    overlap = "what several windows send to one place, and to one weight, adds up: += and not ="
    yield Mistake("overwritten", overlap, (over[0], dw))
    yield Mistake("overwritten", overlap, (dx, over[1]))
    yield Mistake(
        "mean for sum", "uses of a weight add up: no mean is taken over the places", (dx, dw / len(dy))
    )
    yield Mistake(
        "kernel turned round",
        "window i sends its signal times w₀ to the place where w₀ was",
        (_slid_back(dy, x, w[::-1], S)[0], dw),
    )
    yield Mistake("stride forgotten", "window i began at i times the stride", _slid_back(dy, x, w, S, step=1))
    yield Mistake(
        "stride forgotten", "window i began at i times the stride", (_slid_back(dy, x, w, S, step=1)[0], dw)
    )
    ones = _slid_back(np.ones_like(dy), x, w, S)
    yield Mistake(
        "upstream ignored", "each window sends back its own upstream times the local derivative", ones
    )
    yield Mistake("results exchanged", "first dx, then dw", right[::-1])


# ------------------------------------------------------------------------------ task 2: windows as rows

# N, C, H, W, h, w, stride, padding: nothing equal that could hide an exchange; 1 × 1; even; more padding.
IMAGES = (
    (2, 3, 4, 6, 2, 3, 1, 0),
    (3, 2, 5, 4, 3, 2, 2, 1),
    (2, 2, 3, 4, 1, 1, 1, 0),
    (1, 2, 4, 5, 2, 2, 1, 2),
)


def _places(H, W, h, w, S, P):
    return (H + 2 * P - h) // S + 1, (W + 2 * P - w) // S + 1


def _shown(N, C, H, W, h, w, S, P):
    return f"x {(N, C, H, W)}, windows {h} × {w}, stride {S}, padding {P}"


@in_numpy("im2col: a row for each window", parts=5)
def cuts_out(im2col, seed=0):
    def findings():
        for N, C, H, W, *rest in IMAGES:
            (x,) = normal((seed, N, H), (N, C, H, W))
            yours = returned(im2col(x.copy(), *rest), "im2col")
            right = _cols(x, *rest)
            yield compared(_shown(N, C, H, W, *rest), yours, right, _slips_of_rows(x, right, *rest))

    yield from and_then(findings(), lambda: [_alone(im2col, *normal((seed, 1), (2, 2, 4, 3)), 2, 2, 1, 1)])


def _cols(x, h, w, S, P):
    x = _padded(x, P)
    down, across = _starts(x.shape[2], h, S), _starts(x.shape[3], w, S)
    return np.array([image[:, i : i + h, j : j + w].ravel() for image in x for i in down for j in across])


def _padded(x, P):
    return np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))


def _slips_of_rows(x, right, h, w, S, P):
    (N, C, H, W), (p, q) = x.shape, _places(*x.shape[2:], h, w, S, P)
    yield Mistake("lies on its side", "a row for each window: windows are samples", right.T)
    by_place = right.reshape(N, p * q, -1).swapaxes(0, 1)
    yield Mistake(
        "places before samples", "all rows of the first sample come first", by_place.reshape(right.shape)
    )
    by_column = right.reshape(N, p, q, -1).swapaxes(1, 2)
    yield Mistake(
        "down before across",
        "places in reading order: along a row of the image first",
        by_column.reshape(right.shape),
    )
    last = np.moveaxis(right.reshape(-1, C, h, w), 1, -1)
    yield Mistake(
        "channels last", "in a row first all of channel 0, then all of channel 1", last.reshape(right.shape)
    )
    sideways = right.reshape(-1, C, h, w).swapaxes(2, 3)
    yield Mistake(
        "windows read by columns", "inside of a window, too, row after row", sideways.reshape(right.shape)
    )
    yield Mistake("stride ignored", "the window moves by the stride", _cols(x, h, w, 1, P))
    if P and h <= H and w <= W:
        yield Mistake("padding left out", "there are zeros around the image", _cols(x, h, w, S, 0))


def _exact_col2im(col2im):
    (cols,) = whole((2 * 2 * 3, 2 * 2 * 2))
    yield col2im(cols, (2, 2, 3, 4), 2, 2, 1, 0), _laid_back(cols, (2, 2, 3, 4), 2, 2, 1, 0)


@in_numpy("col2im: every row back to where it was cut out", parts=5, exact=_exact_col2im)
def lays_back(col2im, seed=0):
    def findings():
        for N, C, H, W, *rest in IMAGES:
            p, q = _places(H, W, *rest)
            (cols,) = normal((seed, N, W), (N * p * q, C * rest[0] * rest[1]))
            yours = returned(col2im(cols.copy(), (N, C, H, W), *rest), "col2im")
            right = _laid_back(cols, (N, C, H, W), *rest)
            mistakes = _slips_of_laying(cols, (N, C, H, W), right, *rest)
            yield compared(_shown(N, C, H, W, *rest), yours, right, mistakes)

    (cols,) = normal((seed, 1), (12, 4))
    yield from and_then(findings(), lambda: [_alone(col2im, cols, (1, 1, 4, 5), 2, 2, 1, 0)])


def _laid_back(cols, shape, h, w, S, P, add=True, step=None, whole_frame=False):
    N, C, H, W = shape
    p, q = _places(H, W, h, w, S, P)
    x = np.zeros((N, C, H + 2 * P, W + 2 * P))
    step = S if step is None else step
    for (n, i, j), row in zip(np.ndindex(N, p, q), cols.reshape(-1, C, h, w), strict=True):
        seen = x[n, :, i * step : i * step + h, j * step : j * step + w]
        seen[...] = row + (seen if add else 0.0)
    return x if whole_frame else x[:, :, P : P + H, P : P + W]


def _slips_of_laying(cols, shape, right, h, w, S, P):
    def laid(cols=cols, **other):
        return _laid_back(cols, shape, h, w, S, P, **other)

    overlap = "windows overlap, and what they bring to one place adds up"
    yield Mistake("overwritten", overlap, laid(add=False))
    often = laid(np.ones_like(cols))
    yield Mistake("averaged", "copies add up: nobody takes a mean", right / np.maximum(often, 1))
    yield Mistake(
        "stride forgotten", "the window of place (i, j) began at i and j times the stride", laid(step=1)
    )
    frame = laid(whole_frame=True)
    kept = "the zeros around the image are no variables: cut off what has come back to them"
    yield Mistake("padding kept", kept, frame)
    H, W = shape[2:]
    yield Mistake("padding cut off on one side", "there was padding on all sides", frame[:, :, :H, :W])


# ---------------------------------------------------------------------------- task 3: a layer of kernels

# N, C, H, W, M, h, w, stride, padding
LAYERS = (
    (2, 3, 5, 4, 4, 2, 3, 1, 0),
    (3, 2, 4, 5, 5, 3, 2, 2, 1),
    (2, 3, 3, 4, 4, 1, 1, 1, 0),
    (2, 1, 4, 5, 3, 2, 2, 1, 2),
)


def _layer(seed, N, C, H, W, M, h, w, S, P):
    shapes = (N, C, H, W), (M, C, h, w), (M,), (N, M, *_places(H, W, h, w, S, P))
    return normal((seed, H, M), *shapes)


@in_numpy("conv: a layer, forward", parts=5)
def convolves(conv, seed=0):
    def findings():
        for N, C, H, W, M, h, w, S, P in LAYERS:
            x, K, b, _ = _layer(seed, N, C, H, W, M, h, w, S, P)
            yours = returned(conv(x.copy(), K.copy(), b.copy(), S, P), "conv")
            what = f"y, {M} kernels, {_shown(N, C, H, W, h, w, S, P)}"
            yield compared(what, yours, _conv(x, K, b, S, P), _slips_of_conv(x, K, b, S, P))

    given = _layer(seed, *LAYERS[0])[:3]
    yield from and_then(findings(), lambda: [_alone(conv, *given, 1, 0)])


def _conv(x, K, b, S, P):
    M, _, h, w = K.shape
    places = _places(*x.shape[2:], h, w, S, P)
    rows = _cols(x, h, w, S, P) @ K.reshape(M, -1).T
    return np.moveaxis(rows.reshape(len(x), *places, M), -1, 1) + b[:, None, None]


def _slips_of_conv(x, K, b, S, P):
    right = _conv(x, K, b, S, P)
    yield Mistake("bias left out", "each kernel has a bias, added at every place", _conv(x, K, 0 * b, S, P))
    yield Mistake(
        "kernel turned round", "slide the kernels as they are", _conv(x, K[:, :, ::-1, ::-1], b, S, P)
    )
    yield Mistake(
        "one channel only", "the sum goes over all channels that come in", _conv(x[:, :1], K[:, :1], b, S, P)
    )
    yield Mistake(
        "mean over the channels", "the sum goes over the channels: no mean", _conv(x, K / K.shape[1], b, S, P)
    )
    rows = np.moveaxis(right, 1, -1).ravel()
    mixed = "right numbers at wrong places: kernels are the last axis before they become the second"
    yield Mistake("axes mixed up", mixed, rows.reshape(right.shape))
    yield Mistake("kernels last", "the channels that come out are the second axis", np.moveaxis(right, 1, -1))


def _exact_conv_back(conv_back):
    dy, x, K = whole((1, 2, 2, 2), (1, 2, 3, 4), (2, 2, 2, 3))
    yield from zip(conv_back(dy, x, K, 1, 0), _conv_back(dy, x, K, 1, 0), strict=True)


@in_numpy("conv_back: a layer, backward", parts=13, exact=_exact_conv_back)
def convolves_back(conv_back, seed=0):
    def findings():
        for N, C, H, W, M, h, w, S, P in LAYERS:
            x, K, _, dy = _layer(seed, N, C, H, W, M, h, w, S, P)
            yours = several(conv_back(dy.copy(), x.copy(), K.copy(), S, P), ("dx", "dW", "db"), "conv_back")
            right = _conv_back(dy, x, K, S, P)
            slips = likeliest_first(_slips_of_conv_back(dy, x, K, S, P), dict(enumerate(yours)))
            for k, name in enumerate(("dx", "dW", "db")):
                mistakes = [slip._replace(gives=slip.gives[k]) for slip in slips]
                yield compare(
                    f"{name}, {M} kernels, {_shown(N, C, H, W, h, w, S, P)}", yours[k], right[k], mistakes
                )

    x, K, _, dy = _layer(seed, *LAYERS[0])
    yield from and_then(findings(), lambda: [_alone(conv_back, dy, x, K, 1, 0)])


def _conv_back(dy, x, K, S, P, **other):
    M, _, h, w = K.shape
    signals = np.moveaxis(dy, 1, -1).reshape(-1, M)
    dx = _laid_back(signals @ K.reshape(M, -1), x.shape, h, w, S, P, **other)
    return dx, (signals.T @ _cols(x, h, w, S, P)).reshape(K.shape), signals.sum(axis=0)


def _slips_of_conv_back(dy, x, K, S, P):
    dx, dW, db = _conv_back(dy, x, K, S, P)
    N, places = len(x), dy.shape[2] * dy.shape[3]

    def other_dx(K=K, **other):
        return _conv_back(dy, x, K, S, P, **other)[0]

    lives = "1/N lives in the loss, and nowhere else: samples add up"
    yield Mistake("mean over the batch", lives, (dx, dW / N, db / N))
    yield Mistake(
        "mean over the places", "a shared weight gets a sum over its places", (dx, dW / places, db / places)
    )
    yield Mistake(
        "kernel turned round",
        "each window sends its signal times the kernel as it was",
        (other_dx(K[:, :, ::-1, ::-1]), dW, db),
    )
    yield Mistake(
        "overwritten",
        "windows overlap, and what they send to one place adds up",
        (other_dx(add=False), dW, db),
    )
    yield Mistake(
        "stride forgotten", "window (i, j) began at i and j times the stride", (other_dx(step=1), dW, db)
    )
    yield Mistake(
        "padding kept", "the zeros around the image are no variables", (other_dx(whole_frame=True), dW, db)
    )
    bias = "one bias for each kernel: add up over samples and places"
    yield Mistake("bias summed over the kernels", bias, (dx, dW, dy.sum(axis=(1, 2, 3))))
    yield Mistake("bias for each sample", bias, (dx, dW, dy.sum(axis=(2, 3))))
    yield Mistake("bias for each place", bias, (dx, dW, dy.sum(axis=0)))
    last = _conv_back(dy[-1:], x[-1:], K, S, P)
    yield Mistake("last sample only", "what each sample sends back to the weights adds up", (dx, *last[1:]))
    yield Mistake(
        "upstream ignored", "everything is upstream times local", _conv_back(np.ones_like(dy), x, K, S, P)
    )


# ------------------------------------------------------------------------------------ task 4: max pooling

# N, C, H, W, size, stride: side by side, overlapping, with a rest that no window sees, apart.
POOLS = ((2, 3, 4, 6, 2, 2), (3, 2, 5, 7, 3, 2), (2, 2, 5, 4, 2, 1), (1, 2, 6, 5, 2, 3))


@in_numpy("max_pool: forward", parts=5)
def pools(max_pool, seed=0):
    def findings():
        for *shape, size, S in POOLS:
            (x,) = normal((seed, size, S), shape)
            x -= 1.0  # most are negative
            yours = returned(max_pool(x.copy(), size, S), "max_pool")
            what = f"y, x {tuple(shape)}, windows of {size}, stride {S}"
            yield compared(what, yours, _pooled(x, size, S), _slips_of_pool(x, size, S))

    yield from and_then(findings(), lambda: [_alone(max_pool, *normal((seed, 1), (2, 3, 4, 4)), 2, 2)])


def _windows(x, size, S):
    """(place, window) for each, a window being (N, C, size, size)."""
    down, across = _starts(x.shape[2], size, S), _starts(x.shape[3], size, S)
    for (i, a), (j, b) in product(enumerate(down), enumerate(across)):
        yield (i, j), x[:, :, a : a + size, b : b + size]


def _pooled(x, size, S, of=np.max):
    y = np.zeros((*x.shape[:2], *_places(*x.shape[2:], size, size, S, 0)))
    for (i, j), window in _windows(x, size, S):
        y[:, :, i, j] = of(window, axis=(2, 3))
    return y


def _slips_of_pool(x, size, S):
    yield Mistake("mean for maximum", "asked is the largest of each window", _pooled(x, size, S, np.mean))
    yield Mistake("size for value", "the largest, not the one furthest from 0", _pooled(np.abs(x), size, S))
    yield Mistake(
        "begins at 0",
        "a window of negative numbers has a largest one as well",
        np.maximum(_pooled(x, size, S), 0),
    )
    yield Mistake(
        "stride ignored", "the window moves by the stride, whatever its size", _pooled(x, size, size)
    )
    yield Mistake(
        "channels mixed",
        "each channel is looked at by itself",
        np.broadcast_to(_pooled(x, size, S).max(axis=1, keepdims=True), _pooled(x, size, S).shape),
    )


def _exact_pool_back(pool_back):
    dy, x = whole((1, 1, 2, 3), (1, 1, 3, 4))
    yield pool_back(dy, x, 2, 1), _pooled_back(dy, x, 2, 1)


@in_numpy("max_pool_back: the router", parts=9, exact=_exact_pool_back)
def pools_back(max_pool_back, seed=0):
    def findings():
        for *shape, size, S in POOLS:
            (x,) = normal((seed, size, S), shape)
            for kind, image in (("", x), (", with ties", np.maximum(np.round(x), 0.0))):
                (dy,) = normal((seed, *shape), _pooled(image, size, S).shape)
                yours = returned(max_pool_back(dy.copy(), image.copy(), size, S), "max_pool_back")
                what = f"dx, x {tuple(shape)}, windows of {size}, stride {S}{kind}"
                yield compared(
                    what, yours, _pooled_back(dy, image, size, S), _slips_of_router(dy, image, size, S)
                )

    given = normal((seed, 1), (2, 3, 2, 2), (2, 3, 4, 4))
    yield from and_then(findings(), lambda: [_alone(max_pool_back, *given, 2, 2)])


def _first(window):
    """1 at the first of the largest, in each window; else 0."""
    flat = window.reshape(*window.shape[:2], -1)
    return (np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]).reshape(window.shape) * 1.0


def _last(window):
    return _first(window[:, :, ::-1, ::-1])[:, :, ::-1, ::-1]


def _all(window):
    return (window == window.max(axis=(2, 3), keepdims=True)) * 1.0


def _shared(window):
    return _all(window) / _all(window).sum(axis=(2, 3), keepdims=True)


def _pooled_back(dy, x, size, S, to=_first, add=True):
    dx = np.zeros_like(x)
    for ((i, j), window), (_, seen) in zip(_windows(x, size, S), _windows(dx, size, S), strict=True):
        sent = dy[:, :, i, j, None, None] * to(window)
        seen[...] = sent + seen if add else np.where(to(window) > 0, sent, seen)
    return dx


def _slips_of_router(dy, x, size, S):
    def sent(to=_first, dy=dy, **other):
        return _pooled_back(dy, x, size, S, to, **other)

    yield Mistake(
        "sent to all", "only the largest got through, so only it hears anything", sent(np.ones_like)
    )
    tie = "at a tie the first of the largest gets all"
    yield Mistake("all at a tie", tie, sent(_all))
    yield Mistake("shared at a tie", tie, sent(_shared))
    yield Mistake("last at a tie", tie, sent(_last))
    yield Mistake(
        "overwritten",
        "a number may be the largest of several windows: what they send adds up",
        sent(add=False),
    )
    yield Mistake("values sent", "back goes the upstream, not the value", sent(dy=_pooled(x, size, S)))
    yield Mistake("times the value", "a router multiplies by 1", sent(dy=dy * _pooled(x, size, S)))
    yield Mistake("upstream ignored", "to the largest goes the upstream", sent(dy=np.ones_like(dy)))
    yield Mistake(
        "shared by the window", "that is mean pooling", sent(lambda window: np.ones_like(window) / size**2)
    )


# --------------------------------------------------------------------------- task 5: the books of a network

ALEXNET = (
    3,
    227,
    (
        ("conv", 96, 11, 4, 0),
        ("pool", 3, 2),
        ("conv", 256, 5, 1, 2),
        ("pool", 3, 2),
        ("conv", 384, 3, 1, 1),
        ("conv", 384, 3, 1, 1),
        ("conv", 256, 3, 1, 1),
        ("pool", 3, 2),
        ("affine", 4096),
        ("affine", 4096),
        ("affine", 1000),
    ),
)


@question("books: the account of a network", parts=6)
def keeps_books(books, seed=0):
    for channels, side, layers in (ALEXNET, _some_network(seed)):
        given = list(layers)
        rows = returned(books(channels, side, given), "books")
        if not isinstance(rows, list | tuple) or len(rows) != len(layers):
            raise Unusable(f"books has to return a list with an entry for each of the {len(layers)} layers")
        rows = [several(row, ("entries", "parameters", "multiplies"), "each entry of books") for row in rows]
        right = np.array(_books(channels, side, layers), dtype=float).T
        yours = dict(enumerate(zip(*rows, strict=True)))
        slips = likeliest_first(_slips_of_books(channels, side, layers), yours)
        for k, name in enumerate(("entries", "parameters", "multiplies")):
            mistakes = [slip._replace(gives=slip.gives[k]) for slip in slips]
            what = f"{name} of {len(layers)} layers, {channels} × {side} × {side}"
            yield compare(what, list(yours[k]), right[k], mistakes, rtol=1e-12)
        if given != list(layers):
            yield Finding("layers", False, "are not what they were", *CHANGED)


def _some_network(seed):
    rng = np.random.default_rng(seed)
    M, m, n = (int(k) for k in rng.integers(5, 30, 3))
    return (
        int(rng.integers(2, 5)),
        2 * int(rng.integers(20, 30)),
        (
            ("conv", M, 5, 2, 1),
            ("pool", 2, 2),
            ("conv", m, 4, 1, 2),
            ("conv", n, 1, 1, 0),
            ("affine", 40),
            ("affine", 7),
        ),
    )


def _books(C, side, layers, bias=1, seen=None, reuse=True, pads=2, up=0, flat=True, first=True):
    """(entries, parameters, multiplies) of each layer; what is handed in is another way to count.

    bias       of each kernel and neuron
    seen       channels that a kernel has weights for, where that is another number
    reuse      whether a kernel's weights multiply at each place
    pads, up   sides that have padding; what is added before the division by the stride
    flat       whether an affine layer sees all channels
    first      whether a window also stands where it begins
    """
    account = []
    for kind, *options in layers:
        if kind == "affine":
            (M,), n = options, (C if flat else 1) * side**2
            account.append((M, (n + bias) * M, n * M))
            C, side = M, 1
            continue
        *M, K, S, P = options if kind == "conv" else (*options, 0)
        side = (side + pads * P - K + up * (S - 1)) // S + (1 if first else 0)
        if kind == "pool":
            account.append((C * side**2, 0, 0))
            continue
        n, C = (seen or C) * K**2, M[0]
        account.append((C * side**2, (n + bias) * C, n * C * (side**2 if reuse else 1)))
    return account


def _slips_of_books(C, side, layers):
    def counted(**other):
        return tuple(np.array(_books(C, side, layers, **other), dtype=float).T)

    yield Mistake("biases left out", "each kernel, and each neuron, has a bias", counted(bias=0))
    yield Mistake("channels left out", "a kernel has weights for each channel that comes in", counted(seen=1))
    yield Mistake(
        "counted at one place", "a kernel multiplies at every place where it stands", counted(reuse=False)
    )
    yield Mistake("padding on one side", "there are zeros on both sides", counted(pads=1))
    yield Mistake("padding left out", "zeros on both sides make the image larger", counted(pads=0))
    yield Mistake("rounded up", "what does not fill a step is not looked at", counted(up=1))
    yield Mistake("first place forgotten", "a window also stands where it begins", counted(first=False))
    yield Mistake(
        "one channel for the affine layer",
        "an affine layer sees every channel of what comes in",
        counted(flat=False),
    )
    right = counted()
    yield Mistake(
        "biases multiplied",
        "a bias is added: it multiplies nothing",
        (*right[:2], right[2] + np.where(right[1] > 0, right[0], 0)),
    )


# ------------------------------------------------------------------------------------------------ answers


def _alone(function, *given):
    arguments = [each.copy() if isinstance(each, np.ndarray) else each for each in given]
    function(*arguments)
    return left_alone(arguments, list(given))
