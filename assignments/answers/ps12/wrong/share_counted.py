"""
mistake: divided by the share of the mask
cell: test_dropout
points: 1
"""


# %% dropout
def dropout(x, mask, rate):
    return x * mask / mask.mean()


def dropout_back(upstream, mask, rate):
    return np.where(mask, upstream / (1 - rate), 0.0)
