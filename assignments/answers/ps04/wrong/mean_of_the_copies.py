"""
mistake: averaged
cell: test_unbroadcast
points: 0.2143
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    new = gradient.ndim - len(shape)
    summed = gradient.mean(axis=tuple(range(new)))
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return summed.mean(axis=stretched, keepdims=True)
