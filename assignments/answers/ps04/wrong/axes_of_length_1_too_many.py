"""
mistake: axes of length 1
cell: test_unbroadcast
points: 1.0714
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    new = gradient.ndim - len(shape)
    stretched = tuple(axis + new for axis, length in enumerate(shape) if length == 1)
    return gradient.sum(axis=(*range(new), *stretched), keepdims=True)
