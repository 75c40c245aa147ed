"""
mistake: numerical derivative
cell: test_max_pool
points: 1
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
    found, small = np.zeros(x.shape), 1e-6
    for at in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[at] += small
        down[at] -= small
        found[at] = np.sum(upstream * (max_pool(up, size, stride) - max_pool(down, size, stride))) / (
            2 * small
        )
    return found
