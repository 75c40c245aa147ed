"""
mistake: numerical derivative
cell: test_conv
points: 1.3333
"""


# %% conv
def conv(x, W, b, stride, padding):
    _, _, h, w = W.shape
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    high, wide = (framed.shape[2] - h) // stride + 1, (framed.shape[3] - w) // stride + 1
    scores = np.zeros((len(x), len(W), high, wide))
    for r in range(high):
        for s in range(wide):
            patch = framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
            scores[:, :, r, s] = np.tensordot(patch, W, axes=([1, 2, 3], [1, 2, 3])) + b
    return scores


def conv_back(upstream, x, W, stride, padding):
    def nudged(f, at, small=1e-6):
        found = np.zeros(at.shape)
        for place in np.ndindex(*at.shape):
            step = np.zeros(at.shape)
            step[place] = small
            found[place] = np.sum(upstream * (f(at + step) - f(at - step))) / (2 * small)
        return found

    b = np.zeros(len(W))
    to_x = nudged(lambda x: conv(x, W, b, stride, padding), x)
    return to_x, nudged(lambda W: conv(x, W, b, stride, padding), W), upstream.sum(axis=(0, 2, 3))
