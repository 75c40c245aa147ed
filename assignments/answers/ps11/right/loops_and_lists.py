"""Loops over every index, and lists for what comes out."""


# %% slide
def slide(x, w, stride):
    y = []
    i = 0
    while i + len(w) <= len(x):
        total = 0.0
        for k, weight in enumerate(w):
            total += x[i + k] * weight
        y.append(total)
        i += stride
    return np.array(y)


def slide_back(upstream, x, w, stride):
    dx = [0.0] * len(x)
    dw = [0.0] * len(w)
    for i, u in enumerate(upstream):
        for k in range(len(w)):
            dx[i * stride + k] += u * w[k]
            dw[k] += u * x[i * stride + k]
    return np.array(dx), np.array(dw)


# %% im2col
def im2col(x, h, w, stride, padding):
    N, C, H, W = x.shape
    rows = []
    for n in range(N):
        for top in range(-padding, H + padding - h + 1, stride):
            for left in range(-padding, W + padding - w + 1, stride):
                row = []
                for c in range(C):
                    for i in range(top, top + h):
                        for j in range(left, left + w):
                            row.append(x[n, c, i, j] if 0 <= i < H and 0 <= j < W else 0.0)
                rows.append(row)
    return np.array(rows)


def col2im(rows, shape, h, w, stride, padding):
    N, C, H, W = shape
    x = np.zeros(shape)
    line = 0
    for n in range(N):
        for top in range(-padding, H + padding - h + 1, stride):
            for left in range(-padding, W + padding - w + 1, stride):
                entry = iter(rows[line])
                line += 1
                for c in range(C):
                    for i in range(top, top + h):
                        for j in range(left, left + w):
                            value = next(entry)
                            if 0 <= i < H and 0 <= j < W:
                                x[n, c, i, j] += value
    return x


# %% conv
def sights(x, W, stride, padding):
    """All (n, r, s, rows, columns) at which a kernel stands on the padded image."""
    for n in range(len(x)):
        for r, top in enumerate(range(0, x.shape[2] + 2 * padding - W.shape[2] + 1, stride)):
            for s, left in enumerate(range(0, x.shape[3] + 2 * padding - W.shape[3] + 1, stride)):
                yield n, r, s, slice(top, top + W.shape[2]), slice(left, left + W.shape[3])


def conv(x, W, b, stride, padding):
    with_zeros = np.pad(x, ((0,) * 2, (0,) * 2, (padding,) * 2, (padding,) * 2))
    found = {}
    for n, r, s, down, across in sights(x, W, stride, padding):
        for m in range(len(W)):
            found[n, m, r, s] = np.sum(with_zeros[n, :, down, across] * W[m]) + b[m]
    y = np.empty([1 + max(axis) for axis in zip(*found)])
    for place, value in found.items():
        y[place] = value
    return y


def conv_back(upstream, x, W, stride, padding):
    with_zeros = np.pad(x, ((0,) * 2, (0,) * 2, (padding,) * 2, (padding,) * 2))
    dx, dW, db = 0 * with_zeros, 0 * W, np.zeros(len(W))
    for n, r, s, down, across in sights(x, W, stride, padding):
        for m in range(len(W)):
            u = upstream[n, m, r, s]
            dx[n, :, down, across] += u * W[m]
            dW[m] += u * with_zeros[n, :, down, across]
            db[m] += u
    H, W_ = x.shape[2:]
    return dx[:, :, padding : padding + H, padding : padding + W_], dW, db


# %% max_pool
def max_pool(x, size, stride):
    N, C, H, W = x.shape
    tops, lefts = range(0, H - size + 1, stride), range(0, W - size + 1, stride)

    def largest(image, i, j):
        best = image[i][j]
        for a in range(size):
            for b in range(size):
                best = max(best, image[i + a][j + b])
        return best

    return np.array(
        [[[[largest(x[n, c], i, j) for j in lefts] for i in tops] for c in range(C)] for n in range(N)]
    )


def max_pool_back(upstream, x, size, stride):
    dx = np.zeros_like(x)
    N, C, P, Q = upstream.shape
    for n in range(N):
        for c in range(C):
            for p in range(P):
                for q in range(Q):
                    winner = None
                    for i in range(p * stride, p * stride + size):
                        for j in range(q * stride, q * stride + size):
                            if winner is None or x[n, c, i, j] > x[n, c][winner]:
                                winner = i, j
                    dx[n, c][winner] += upstream[n, c, p, q]
    return dx


# %% books
def books(channels, side, layers):
    result = []
    for layer in layers:
        if layer[0] == "conv":
            _, M, K, S, P = layer
            places = 0
            left = 0
            while left + K <= side + 2 * P:
                places += 1
                left += S
            weights = M * channels * K**2
            result.append((M * places**2, weights + M, weights * places**2))
            channels, side = M, places
        if layer[0] == "pool":
            _, K, S = layer
            side = len(range(0, side - K + 1, S))
            result.append((channels * side**2, 0, 0))
        if layer[0] == "affine":
            weights = channels * side**2 * layer[1]
            channels, side = layer[1], 1
            result.append((channels, weights + channels, weights))
    return result
