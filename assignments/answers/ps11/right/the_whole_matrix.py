"""Every linear map is a matrix: it is written out, and transposed for the way back."""


# %% slide
def band(w, T, stride):
    """The matrix (places, T) with which y = B x."""
    count = (T - len(w)) // stride + 1
    B = np.zeros((count, T))
    for row in range(count):
        B[row, row * stride : row * stride + len(w)] = w
    return B


def slide(x, w, stride):
    return band(w, len(x), stride) @ x


def slide_back(upstream, x, w, stride):
    hankel = np.array([band(unit, len(x), stride) @ x for unit in np.eye(len(w))])
    return band(w, len(x), stride).T @ upstream, hankel @ upstream


# %% im2col
def gather(H, W, h, w, stride, padding):
    """A matrix of zeros and ones: it takes one channel, flat, to all its windows, one below the other."""
    lines = []
    for top in range(-padding, H + padding - h + 1, stride):
        for left in range(-padding, W + padding - w + 1, stride):
            for i in range(top, top + h):
                for j in range(left, left + w):
                    line = np.zeros((H, W))
                    if 0 <= i < H and 0 <= j < W:
                        line[i, j] = 1.0
                    lines.append(line.ravel())
    return np.array(lines)


def im2col(x, h, w, stride, padding):
    N, C, H, W = x.shape
    G = gather(H, W, h, w, stride, padding)
    by_channel = (G @ x.reshape(N, C, H * W, 1)).reshape(N, C, -1, h * w)
    return by_channel.swapaxes(1, 2).reshape(-1, C * h * w)


def col2im(rows, shape, h, w, stride, padding):
    N, C, H, W = shape
    G = gather(H, W, h, w, stride, padding)
    by_channel = rows.reshape(N, -1, C, h * w).swapaxes(1, 2)
    return (by_channel.reshape(N, C, 1, -1) @ G).reshape(shape)


# %% conv
def matrix_of(W, shape, stride, padding):
    """The matrix (M H' W', C H W) of a layer without bias, and H', W'."""
    M, C, h, w = W.shape
    H, V = shape[2:]
    high, wide = (H + 2 * padding - h) // stride + 1, (V + 2 * padding - w) // stride + 1
    A = np.zeros((M, high, wide, C, H + 2 * padding, V + 2 * padding))
    for r in range(high):
        for s in range(wide):
            A[:, r, s, :, r * stride : r * stride + h, s * stride : s * stride + w] = W
    A = A[..., padding : padding + H, padding : padding + V]
    return A.reshape(M * high * wide, C * H * V), (high, wide)


def conv(x, W, b, stride, padding):
    A, places = matrix_of(W, x.shape, stride, padding)
    y = x.reshape(len(x), -1) @ A.T
    return y.reshape(len(x), len(W), *places) + np.reshape(b, (len(b), 1, 1))


def conv_back(upstream, x, W, stride, padding):
    A, (high, wide) = matrix_of(W, x.shape, stride, padding)
    flat = upstream.reshape(len(x), -1)
    dA = (flat.T @ x.reshape(len(x), -1)).reshape(len(W), high, wide, *x.shape[1:])
    dA = np.pad(dA, [(0, 0)] * 4 + [(padding, padding)] * 2)
    h, w = W.shape[2:]
    dW = np.zeros_like(W)
    for r in range(high):
        for s in range(wide):
            dW += dA[:, r, s, :, r * stride : r * stride + h, s * stride : s * stride + w]
    return (flat @ A).reshape(x.shape), dW, flat.reshape(len(x), len(W), -1).sum(axis=(0, 2))


# %% max_pool
def routes(x, size, stride):
    """(place, the place in x of the largest) for every window of every channel."""
    N, C, H, W = x.shape
    for n in range(N):
        for c in range(C):
            for r in range((H - size) // stride + 1):
                for s in range((W - size) // stride + 1):
                    places = [(r * stride + a, s * stride + b) for a in range(size) for b in range(size)]
                    yield (n, c, r, s), (n, c, *max(places, key=lambda place: x[n, c][place]))


def max_pool(x, size, stride):
    found = {place: x[source] for place, source in routes(x, size, stride)}
    shape = np.max(list(found), axis=0) + 1
    return np.fromiter(found.values(), float).reshape(shape)


def max_pool_back(upstream, x, size, stride):
    dx = np.zeros_like(x)
    for place, source in routes(x, size, stride):
        dx[source] += upstream[place]
    return dx


# %% books
from math import floor


def books(channels, side, layers):
    out = []
    for layer in layers:
        match layer:
            case ("affine", M):
                n = channels * side**2
                out.append((M, n * M + M, n * M))
                channels, side = M, 1
            case ("pool", K, S):
                side = floor((side - K) / S) + 1
                out.append((channels * side**2, 0, 0))
            case ("conv", M, K, S, P):
                side = floor((side + 2 * P - K) / S) + 1
                n = channels * K**2
                channels = M
                out.append((M * side**2, (n + 1) * M, M * side**2 * n))
    return out
