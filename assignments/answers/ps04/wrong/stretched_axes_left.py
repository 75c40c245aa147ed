"""
mistake: stretched axes left
cell: test_unbroadcast
points: 1.2857
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    new = gradient.ndim - len(shape)
    return gradient.sum(axis=tuple(range(new)))
