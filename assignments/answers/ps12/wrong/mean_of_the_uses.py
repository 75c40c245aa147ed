"""
mistake: mean for sum
cell: test_look_up
points: 1
"""


# %% look_up
def look_up(W, index):
    return W[index]


def look_up_back(upstream, index, V):
    to_W = np.zeros((V, upstream.shape[-1]))
    np.add.at(to_W, index, upstream)
    often = np.bincount(index.ravel(), minlength=V)
    return to_W / np.maximum(often, 1)[:, None]
