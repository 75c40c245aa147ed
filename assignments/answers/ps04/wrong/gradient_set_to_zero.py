"""
mistake: argument changed in place
cell: test_unbroadcast
points: 2.8095
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    new = gradient.ndim - len(shape)
    summed = gradient.sum(axis=tuple(range(new)))
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    gradient[...] = 0
    return summed.sum(axis=stretched, keepdims=True)
