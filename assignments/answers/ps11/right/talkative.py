"""Prints what it does; generators, recursion over the places, a convolution for dx with the kernel turned round."""


# %% slide
def slide(x, w, stride):
    if len(x) < len(w):
        return np.array([])
    seen = float(np.vdot(x[: len(w)], w))
    print("the window sees", seen)
    return np.concatenate([[seen], slide(x[stride:], w, stride)])


def slide_back(upstream, x, w, stride):
    stretched = np.zeros((len(upstream) - 1) * stride + 1)
    stretched[::stride] = upstream
    print("the upstream, with its gaps:", stretched)
    dx = np.convolve(stretched, w)
    return np.append(dx, np.zeros(len(x) - len(dx))), np.correlate(x, stretched, "valid")[: len(w)]


# %% im2col
def corners(side, kernel, stride, padding):
    yield from range(0, side + 2 * padding - kernel + 1, stride)


def im2col(x, h, w, stride, padding):
    print("images:", x.shape)
    bordered = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=0.0)

    def rows():
        for image in bordered:
            for top in corners(x.shape[2], h, stride, padding):
                for left in corners(x.shape[3], w, stride, padding):
                    yield np.concatenate(
                        [channel[top : top + h, left : left + w].flatten() for channel in image]
                    )

    return np.vstack(list(rows()))


def col2im(rows, shape, h, w, stride, padding):
    print("rows to lay back:", len(rows))
    bordered = np.zeros((shape[0], shape[1], shape[2] + 2 * padding, shape[3] + 2 * padding))
    stock = iter(rows)
    for image in bordered:
        for top in corners(shape[2], h, stride, padding):
            for left in corners(shape[3], w, stride, padding):
                image[:, top : top + h, left : left + w] += next(stock).reshape(-1, h, w)
    for axis in (2, 3):
        bordered = np.take(bordered, range(padding, padding + shape[axis]), axis)
    return bordered


# %% conv
def conv(x, W, b, stride, padding):
    print(len(W), "kernels over", len(x), "images")
    kernels = W.reshape(len(W), -1)
    out = []
    for image in x:
        sights = im2col(image[None], *W.shape[2:], stride, padding)
        high = (x.shape[2] + 2 * padding - W.shape[2]) // stride + 1
        out.append((kernels @ sights.T + np.c_[b]).reshape(len(W), high, -1))
    return np.stack(out)


def conv_back(upstream, x, W, stride, padding):
    dx, dW, db = [], np.zeros(W.shape), np.zeros(len(W))
    for image, signal in zip(x, upstream):
        sights = im2col(image[None], *W.shape[2:], stride, padding)
        by_kernel = signal.reshape(len(W), -1)
        dW += (by_kernel @ sights).reshape(W.shape)
        db += by_kernel.sum(axis=1)
        sent = by_kernel.T @ W.reshape(len(W), -1)
        dx.append(col2im(sent, (1, *image.shape), *W.shape[2:], stride, padding)[0])
    print("size of dW:", np.linalg.norm(dW))
    return [np.stack(dx), dW, db]


# %% max_pool
def winners(image, size, stride):
    for r, top in enumerate(range(0, image.shape[0] - size + 1, stride)):
        for s, left in enumerate(range(0, image.shape[1] - size + 1, stride)):
            patch = image[top : top + size, left : left + size]
            down, across = np.argwhere(patch == np.amax(patch))[0]
            yield r, s, top + down, left + across


def max_pool(x, size, stride):
    def pooled(image):
        lines = {}
        for r, s, i, j in winners(image, size, stride):
            lines.setdefault(r, []).append(image[i, j])
        print("a channel has become", len(lines), "rows")
        return list(lines.values())

    return np.array([[pooled(channel) for channel in image] for image in x])


def max_pool_back(upstream, x, size, stride):
    dx = np.zeros(x.shape)
    for sent, images, signals in zip(dx, x, upstream):
        for to, image, signal in zip(sent, images, signals):
            for r, s, i, j in winners(image, size, stride):
                to[i, j] += signal[r, s]
    return dx


# %% books
class Ledger(list):
    def __init__(self, channels, side):
        super().__init__()
        self.channels, self.side = channels, side

    def enter(self, fan_in, channels, side, learns=True):
        places = side**2
        entry = channels * places, learns * channels * (fan_in + 1), learns * channels * fan_in * places
        self.append(entry)
        print("entry:", entry)
        self.channels, self.side = channels, side

    def conv(self, M, K, S, P):
        self.enter(self.channels * K**2, M, (self.side - K + 2 * P + S) // S)

    def pool(self, K, S):
        self.enter(0, self.channels, (self.side - K + S) // S, learns=False)

    def affine(self, M):
        self.enter(self.channels * self.side**2, M, 1)


def books(channels, side, layers):
    ledger = Ledger(channels, side)
    for kind, *numbers in layers:
        getattr(ledger, kind)(*numbers)
    return list(ledger)
