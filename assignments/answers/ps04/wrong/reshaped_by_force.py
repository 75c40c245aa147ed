"""
mistake: raised ValueError
cell: test_unbroadcast
points: 0
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    return gradient.reshape(shape)
