"""
mistake: argument changed in place
cell: test_dropout
points: 1.75
"""


# %% dropout
def dropout(x, mask, rate):
    return np.where(mask, x / (1 - rate), 0.0)


def dropout_back(upstream, mask, rate):
    upstream[~mask] = 0.0
    return upstream / (1 - rate)
