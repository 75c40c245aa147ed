"""
mistake: last at a tie
cell: test_max_pool
points: 1.8889
"""


# %% max_pool
def max_pool(x, size, stride):
    high, wide = ((side - size) // stride + 1 for side in x.shape[2:])
    largest = np.zeros((*x.shape[:2], high, wide))
    for r in range(high):
        for s in range(wide):
            patch = x[:, :, r * stride : r * stride + size, s * stride : s * stride + size]
            largest[:, :, r, s] = patch.max(axis=(2, 3))
    return largest


def max_pool_back(upstream, x, size, stride):
    to_x = np.zeros(x.shape)
    for n, c, r, s in np.ndindex(upstream.shape):
        patch = x[n, c, r * stride : r * stride + size, s * stride : s * stride + size]
        down, across = np.argwhere(patch == patch.max())[-1]
        to_x[n, c, r * stride + down, s * stride + across] += upstream[n, c, r, s]
    return to_x
