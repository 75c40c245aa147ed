"""
mistake: bias left out
cell: test_conv
points: 2.6667
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
            scores[:, :, r, s] = np.tensordot(patch, W, axes=([1, 2, 3], [1, 2, 3]))
    return scores


def conv_back(upstream, x, W, stride, padding):
    _, _, h, w = W.shape
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    to_frame, to_W = np.zeros(framed.shape), np.zeros(W.shape)
    for r in range(upstream.shape[2]):
        for s in range(upstream.shape[3]):
            signal = upstream[:, :, r, s]
            place = np.s_[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
            to_W += np.tensordot(signal, framed[place], axes=(0, 0))
            to_frame[place] += np.tensordot(signal, W, axes=(1, 0))
    rows, columns = x.shape[2:]
    to_x = to_frame[:, :, padding : padding + rows, padding : padding + columns]
    return to_x, to_W, upstream.sum(axis=(0, 2, 3))
