"""
mistake: counted from the end
cell: test_look_up
points: 1.3333
"""


# %% look_up
def look_up(W, index):
    return W[-1 - index]


def look_up_back(upstream, index, V):
    to_W = np.zeros((V, upstream.shape[-1]))
    np.add.at(to_W, index, upstream)
    return to_W
