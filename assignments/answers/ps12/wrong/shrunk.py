"""
mistake: scaled by 1 − rate
cell: test_dropout
points: 1
"""


# %% dropout
def dropout(x, mask, rate):
    return x * mask * (1 - rate)


def dropout_back(upstream, mask, rate):
    return np.where(mask, upstream / (1 - rate), 0.0)
