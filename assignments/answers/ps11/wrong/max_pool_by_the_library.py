"""
mistake: library used
cell: test_max_pool
points: 2
"""


# %% max_pool
def max_pool(x, size, stride):
    return bp.gates.MaxPool(size, stride)(x)


def max_pool_back(upstream, x, size, stride):
    to_x = np.zeros(x.shape)
    for n, c, r, s in np.ndindex(upstream.shape):
        patch = x[n, c, r * stride : r * stride + size, s * stride : s * stride + size]
        down, across = np.unravel_index(patch.argmax(), patch.shape)
        to_x[n, c, r * stride + down, s * stride + across] += upstream[n, c, r, s]
    return to_x
