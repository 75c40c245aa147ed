"""
mistake: argument changed in place
cell: test_look_up
points: 1.6667
"""


# %% look_up
def look_up(W, index):
    return W[index]


def look_up_back(upstream, index, V):
    to_W = np.zeros((V, upstream.shape[-1]))
    np.add.at(to_W, index, upstream)
    upstream *= 0.0
    return to_W
