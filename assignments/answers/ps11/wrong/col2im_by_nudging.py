"""
mistake: numerical derivative
cell: test_im2col
points: 1.5
"""


# %% im2col
def im2col(x, h, w, stride, padding):
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    high = (framed.shape[2] - h) // stride + 1
    wide = (framed.shape[3] - w) // stride + 1
    matrix = np.zeros((len(x), high, wide, x.shape[1], h, w))
    for r in range(high):
        for s in range(wide):
            matrix[:, r, s] = framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
    return matrix.reshape(len(x) * high * wide, -1)


def col2im(rows, shape, h, w, stride, padding):
    x, found, small = np.zeros(shape), np.zeros(shape), 1e-5
    for at in np.ndindex(*shape):
        x[at] = small
        up = np.sum(rows * np.sin(im2col(x, h, w, stride, padding)))
        x[at] = -small
        found[at] = (up - np.sum(rows * np.sin(im2col(x, h, w, stride, padding)))) / (2 * small)
        x[at] = 0.0
    return found
