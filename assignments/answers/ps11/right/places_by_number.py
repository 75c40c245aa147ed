"""Arrays of indices: every window is a choice of places, and np.add.at brings it back."""


# %% slide
def seats(T, K, stride):
    return np.arange(0, T - K + 1, stride)[:, None] + np.arange(K)


def slide(x, w, stride):
    return (x[seats(x.size, w.size, stride)] * w).sum(axis=1)


def slide_back(upstream, x, w, stride):
    taken = seats(x.size, w.size, stride)
    dx = np.zeros(x.size)
    np.add.at(dx, taken, upstream[:, None] * w[None, :])
    return dx, upstream @ x[taken]


# %% im2col
def chosen(shape, h, w, stride, padding):
    """Channel, row and column in the padded image: each an array (places, C h w)."""
    _, C, H, W = shape
    top = np.arange(0, H + 2 * padding - h + 1, stride)
    left = np.arange(0, W + 2 * padding - w + 1, stride)
    corner = [axis.reshape(-1, 1) for axis in np.meshgrid(top, left, indexing="ij")]
    c, i, j = (axis.reshape(1, -1) for axis in np.indices((C, h, w)))
    return c + 0 * corner[0], corner[0] + i, corner[1] + j


def im2col(x, h, w, stride, padding):
    c, i, j = chosen(x.shape, h, w, stride, padding)
    frame = np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)
    return np.concatenate([image[c, i, j] for image in frame])


def col2im(rows, shape, h, w, stride, padding):
    c, i, j = chosen(shape, h, w, stride, padding)
    frame = np.pad(np.zeros(shape), [(0, 0)] * 2 + [(padding, padding)] * 2)
    for image, part in zip(frame, np.split(rows, shape[0])):
        np.add.at(image, (c, i, j), part)
    return frame[:, :, padding : padding + shape[2], padding : padding + shape[3]]


# %% conv
def of_flat_images(shape, kernel, stride, padding):
    """For every place, the numbers in the flat padded image that the kernel stands on."""
    _, C, H, W = shape
    high, wide = H + 2 * padding, W + 2 * padding
    numbers = np.arange(C * high * wide).reshape(C, high, wide)
    h, w = kernel
    places = [(a, b) for a in range(0, high - h + 1, stride) for b in range(0, wide - w + 1, stride)]
    size = (high - h) // stride + 1, (wide - w) // stride + 1
    return np.array([numbers[:, a : a + h, b : b + w].ravel() for a, b in places]), size


def conv(x, W, b, stride, padding):
    stood_on, size = of_flat_images(x.shape, W.shape[2:], stride, padding)
    flat = np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2).reshape(len(x), -1)
    y = np.array([W.reshape(len(W), -1) @ image[stood_on].T for image in flat])
    return (y + b[:, None]).reshape(len(x), len(W), *size)


def conv_back(upstream, x, W, stride, padding):
    stood_on, _ = of_flat_images(x.shape, W.shape[2:], stride, padding)
    frame = np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)
    flat, kernels = frame.reshape(len(x), -1), W.reshape(len(W), -1)
    signals = upstream.reshape(len(x), len(W), -1)
    dflat, dkernels = np.zeros_like(flat), np.zeros_like(kernels)
    for image, dimage, signal in zip(flat, dflat, signals):
        dkernels += signal @ image[stood_on]
        np.add.at(dimage, stood_on, signal.T @ kernels)
    dframe = dflat.reshape(frame.shape)
    inside = [slice(padding, padding + side) for side in x.shape[2:]]
    return dframe[:, :, inside[0], inside[1]], dkernels.reshape(W.shape), signals.sum(axis=2).sum(axis=0)


# %% max_pool
def under(side, size, stride):
    return np.add.outer(np.arange(0, side - size + 1, stride), np.arange(size))


def max_pool(x, size, stride):
    down, across = under(x.shape[2], size, stride), under(x.shape[3], size, stride)
    return x[:, :, down[:, None, :, None], across[None, :, None, :]].max(axis=(4, 5))


def max_pool_back(upstream, x, size, stride):
    down, across = under(x.shape[2], size, stride), under(x.shape[3], size, stride)
    dx = np.zeros(x.shape)
    for n, c in np.ndindex(x.shape[:2]):
        for (r, rows), (s, columns) in ((p, q) for p in enumerate(down) for q in enumerate(across)):
            entries = x[n, c][np.ix_(rows, columns)].ravel()
            winner = entries.tolist().index(entries.max())
            dx[n, c, rows[winner // size], columns[winner % size]] += upstream[n, c, r, s]
    return dx


# %% books
def books(channels, side, layers):
    account, shape = [], (channels, side, side)
    for name, first, *others in layers:
        before = int(np.prod(shape))
        if name == "affine":
            shape, weights, uses = (first, 1, 1), first * before, 1
        else:
            K, S, P = others if name == "conv" else (first, others[0], 0)
            length = np.arange(0, shape[1] + 2 * P - K + 1, S).size
            kernels = first if name == "conv" else shape[0]
            weights = kernels * shape[0] * K * K if name == "conv" else 0
            shape, uses = (kernels, length, length), length * length
        account.append((int(np.prod(shape)), weights + (shape[0] if weights else 0), weights * uses))
    return account
