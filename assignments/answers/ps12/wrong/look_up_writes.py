"""
mistake: argument changed in place
cell: test_look_up
points: 1.8333
"""


# %% look_up
def look_up(W, index):
    rows = W[index]
    W *= 0.0
    return rows


def look_up_back(upstream, index, V):
    to_W = np.zeros((V, upstream.shape[-1]))
    np.add.at(to_W, index, upstream)
    return to_W
