"""
mistake: not summed
cell: test_unbroadcast
points: 0.2143
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    return gradient.copy()
