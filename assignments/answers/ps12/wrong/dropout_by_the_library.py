"""
mistake: library used
cell: test_dropout
points: 1
"""


# %% dropout
def dropout(x, mask, rate):
    return bp.gates.Dropout(mask, rate)(x)


def dropout_back(upstream, mask, rate):
    return np.where(mask, upstream / (1 - rate), 0.0)
