"""
mistake: library used
cell: test_conv
points: 2.6667
"""


# %% conv
def conv(x, W, b, stride, padding):
    return bp.convolution(x, W, b, stride=stride, padding=padding)


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
