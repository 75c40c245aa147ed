"""
mistake: has shape
cell: test_unbroadcast
points: 1
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    return gradient.sum(axis=0)
