"""
mistake: new axes left
cell: test_unbroadcast
points: 0.8571
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    return gradient.sum(axis=0)
