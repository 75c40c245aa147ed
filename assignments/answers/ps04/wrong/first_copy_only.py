"""
mistake: one copy only
cell: test_unbroadcast
points: 0.2143
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    new = gradient.ndim - len(shape)
    first = gradient[(0,) * new]
    return first[tuple(slice(0, 1) if length == 1 else slice(None) for length in shape)]
