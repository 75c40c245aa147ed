"""Sliding views of numpy, and einsum over their axes."""

# %% slide
from numpy.lib.stride_tricks import sliding_window_view


def slide(x, w, stride):
    return sliding_window_view(x, len(w))[::stride] @ w


def slide_back(upstream, x, w, stride):
    dx = np.zeros_like(x)
    view = sliding_window_view(x, len(w))[::stride]
    for start, sent in zip(range(0, len(x), stride), np.outer(upstream, w)):
        dx[start : start + len(w)] += sent
    return dx, np.einsum("i,ik->k", upstream, view)


# %% im2col
from numpy.lib.stride_tricks import sliding_window_view as seen_through


def im2col(x, h, w, stride, padding):
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge))
    view = seen_through(x, (h, w), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncrshw->nrschw", view).reshape(-1, x.shape[1] * h * w)


def col2im(rows, shape, h, w, stride, padding):
    N, C, H, W = shape
    high, wide = (H + 2 * padding - h) // stride + 1, (W + 2 * padding - w) // stride + 1
    canvas = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for r, s in np.ndindex(high, wide):
        at = np.s_[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
        canvas[at] += rows.reshape(N, high, wide, C, h, w)[:, r, s]
    return canvas[:, :, padding:-padding, padding:-padding] if padding else canvas


# %% conv
from numpy.lib.stride_tricks import sliding_window_view as windowed


def view_of(x, W, stride, padding):
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge))
    return windowed(x, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]


def conv(x, W, b, stride, padding):
    return np.einsum("ncrshw,mchw->nmrs", view_of(x, W, stride, padding), W) + b.reshape(-1, 1, 1)


def conv_back(upstream, x, W, stride, padding):
    dW = np.einsum("nmrs,ncrshw->mchw", upstream, view_of(x, W, stride, padding))
    sent = np.einsum("nmrs,mchw->rsnchw", upstream, W)
    _, _, H, breadth = x.shape
    canvas = np.zeros((*x.shape[:2], H + 2 * padding, breadth + 2 * padding))
    _, _, h, w = W.shape
    for r, s in np.ndindex(sent.shape[:2]):
        canvas[..., r * stride : r * stride + h, s * stride : s * stride + w] += sent[r, s]
    return canvas[..., padding : padding + H, padding : padding + breadth], dW, np.einsum("nmrs->m", upstream)


# %% max_pool
from numpy.lib.stride_tricks import sliding_window_view as through


def max_pool(x, size, stride):
    return through(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride].max(axis=(-2, -1))


def max_pool_back(upstream, x, size, stride):
    view = through(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    first = view.reshape(*upstream.shape, size * size).argmax(axis=-1)
    n, c, r, s = np.indices(upstream.shape)
    dx = np.zeros_like(x)
    np.add.at(dx, (n, c, r * stride + first // size, s * stride + first % size), upstream)
    return dx


# %% books
def books(channels, side, layers):
    def conv(C, side, M, K, S, P):
        side = (side + 2 * P - K) // S + 1
        return M, side, np.array([M * side**2, M * C * K**2 + M, M * C * K**2 * side**2])

    def pool(C, side, K, S):
        side = (side - K) // S + 1
        return C, side, np.array([C * side**2, 0, 0])

    def affine(C, side, M):
        return M, 1, np.array([M, M * C * side**2 + M, M * C * side**2])

    rows = []
    for kind, *options in layers:
        channels, side, row = {"conv": conv, "pool": pool, "affine": affine}[kind](channels, side, *options)
        rows.append(tuple(row.tolist()))
    return rows
