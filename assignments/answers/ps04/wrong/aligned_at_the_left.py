"""
mistake: aligned at the left
cell: test_unbroadcast
points: 1.2857
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    summed = gradient
    while summed.ndim > len(shape):
        summed = summed.sum(axis=-1)
    for axis, length in enumerate(shape):
        if length == 1:
            summed = summed.sum(axis=axis, keepdims=True)
    return summed
