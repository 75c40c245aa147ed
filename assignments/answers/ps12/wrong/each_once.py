"""
mistake: each row once
cell: test_look_up
points: 1.5
"""


# %% look_up
def look_up(W, index):
    return W[sorted(set(index.ravel().tolist()))]


def look_up_back(upstream, index, V):
    to_W = np.zeros((V, upstream.shape[-1]))
    np.add.at(to_W, index, upstream)
    return to_W
