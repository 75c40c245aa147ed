"""A loop over the entries of the kernel: each is a product of a shifted image."""


# %% slide
def slide(x, w, stride):
    last = len(x) - len(w)
    return sum(weight * x[k : last + k + 1 : stride] for k, weight in enumerate(w))


def slide_back(upstream, x, w, stride):
    reach = len(x) - len(w) + 1
    dx, dw = np.zeros_like(x), np.empty_like(w)
    for k in range(len(w)):
        dx[k : k + reach : stride] += upstream * w[k]
        dw[k] = upstream @ x[k : k + reach : stride]
    return dx, dw


# %% im2col
def shifted(H, W, h, w, stride):
    """For each entry of the window, in reading order, where it stands at all places."""
    for a in range(h):
        for b in range(w):
            yield slice(a, H - h + a + 1, stride), slice(b, W - w + b + 1, stride)


def im2col(x, h, w, stride, padding):
    big = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    big[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]] = x
    columns = [big[:, :, down, across] for down, across in shifted(*big.shape[2:], h, w, stride)]
    stacked = np.stack(columns, axis=-1)  # N, C, H', W', h w
    return np.moveaxis(stacked, 1, 3).reshape(-1, x.shape[1] * h * w)


def col2im(rows, shape, h, w, stride, padding):
    big = np.zeros((shape[0], shape[1], shape[2] + 2 * padding, shape[3] + 2 * padding))
    where = list(shifted(*big.shape[2:], h, w, stride))
    high, wide = big[0, 0][where[0]].shape
    stacked = np.moveaxis(rows.reshape(shape[0], high, wide, shape[1], h * w), 3, 1)
    for k, (down, across) in enumerate(where):
        big[:, :, down, across] += stacked[..., k]
    return big[:, :, padding : padding + shape[2], padding : padding + shape[3]]


# %% conv
def conv(x, W, b, stride, padding):
    _, _, h, w = W.shape
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H, V = x.shape[2] - h + 1, x.shape[3] - w + 1
    y = 0.0
    for a, c in np.ndindex(h, w):
        y = y + np.tensordot(W[:, :, a, c], x[:, :, a : a + H : stride, c : c + V : stride], axes=(1, 1))
    return y.swapaxes(0, 1) + b[None, :, None, None]


def conv_back(upstream, x, W, stride, padding):
    _, _, h, w = W.shape
    big = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H, V = big.shape[2] - h + 1, big.shape[3] - w + 1
    dbig, dW = np.zeros(big.shape), np.zeros(W.shape)
    for a, c in np.ndindex(h, w):
        here = (slice(None), slice(None), slice(a, a + H, stride), slice(c, c + V, stride))
        dW[:, :, a, c] = np.tensordot(upstream, big[here], axes=((0, 2, 3), (0, 2, 3)))
        dbig[here] += np.tensordot(upstream, W[:, :, a, c], axes=(1, 0)).transpose(0, 3, 1, 2)
    rows, columns = x.shape[2:]
    return dbig[:, :, padding:, padding:][:, :, :rows, :columns], dW, upstream.sum(axis=(0, 2, 3))


# %% max_pool
def max_pool(x, size, stride):
    H, W = x.shape[2] - size + 1, x.shape[3] - size + 1
    y = x[:, :, :H:stride, :W:stride].copy()
    for a, b in np.ndindex(size, size):
        y = np.maximum(y, x[:, :, a : a + H : stride, b : b + W : stride])
    return y


def max_pool_back(upstream, x, size, stride):
    H, W = x.shape[2] - size + 1, x.shape[3] - size + 1
    y = np.full(upstream.shape, -np.inf)
    for a, b in np.ndindex(size, size):
        y = np.maximum(y, x[:, :, a : a + H : stride, b : b + W : stride])
    dx, open_still = np.zeros_like(x), np.ones(upstream.shape, dtype=bool)
    for a, b in np.ndindex(size, size):
        here = np.s_[:, :, a : a + H : stride, b : b + W : stride]
        wins = open_still & (x[here] == y)
        dx[here] += wins * upstream
        open_still &= ~wins
    return dx


# %% books
def books(channels, side, layers):
    def rest(channels, side, layers):
        if not layers:
            return []
        (kind, *how), *more = layers
        if kind == "pool":
            K, S = how
            side = 1 + (side - K) // S
            return [(channels * side**2, 0, 0), *rest(channels, side, more)]
        M = how[0]
        K, S, P = how[1:] or (side, 1, 0)  # an affine layer is a kernel as large as what it sees
        fan_in = channels * K * K
        side = 1 + (side + 2 * P - K) // S
        return [(M * side**2, M * (1 + fan_in), M * fan_in * side**2), *rest(M, side, more)]

    return rest(channels, side, list(layers))
