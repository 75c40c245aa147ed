"""
mistake: library used
cell: test_im2col
points: 1.5
"""


# %% im2col
def im2col(x, h, w, stride, padding):
    seen = bp.gates.Patches((h, w), stride, padding)(x)  # C, h, w, N, H', W'
    return np.moveaxis(seen, (3, 4, 5), (0, 1, 2)).reshape(-1, x.shape[1] * h * w)


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
