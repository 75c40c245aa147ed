"""
mistake: all in one
cell: test_unbroadcast
points: 0.2143
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    return np.full(shape, gradient.sum())
