"""
mistake: argument changed in place
cell: test_dropout
points: 1.75
"""


# %% dropout
def dropout(x, mask, rate):
    x[~mask] = 0.0
    return x / (1 - rate)


def dropout_back(upstream, mask, rate):
    return np.where(mask, upstream / (1 - rate), 0.0)
