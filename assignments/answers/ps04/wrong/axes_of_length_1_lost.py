"""
mistake: axes of length 1
cell: test_unbroadcast
points: 1.0714
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    new = gradient.ndim - len(shape)
    summed = gradient.sum(axis=tuple(range(new)))
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return summed.sum(axis=stretched)
