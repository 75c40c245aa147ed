"""
mistake: all zero
cell: test_unbroadcast
points: 0
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    return np.zeros(shape)
