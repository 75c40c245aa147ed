"""
mistake: argument changed in place
cell: test_im2col
points: 2.7
"""


# %% im2col
def im2col(x, h, w, stride, padding):
    x *= 2.0
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    high = (framed.shape[2] - h) // stride + 1
    wide = (framed.shape[3] - w) // stride + 1
    matrix = np.zeros((len(x), high, wide, x.shape[1], h, w))
    for r in range(high):
        for s in range(wide):
            matrix[:, r, s] = framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
    return matrix.reshape(len(x) * high * wide, -1) / 2.0


def col2im(rows, shape, h, w, stride, padding):
    N, C, H, W = shape
    framed = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    high = (framed.shape[2] - h) // stride + 1
    wide = (framed.shape[3] - w) // stride + 1
    patches = rows.reshape(N, high, wide, C, h, w)
    for r in range(high):
        for s in range(wide):
            framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w] += patches[:, r, s]
    return framed[:, :, padding : padding + H, padding : padding + W]
