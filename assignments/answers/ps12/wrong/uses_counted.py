"""
mistake: upstream ignored
cell: test_look_up
points: 0.6667
"""


# %% look_up
def look_up(W, index):
    return W[index]


def look_up_back(upstream, index, V):
    to_W = np.zeros((V, upstream.shape[-1]))
    np.add.at(to_W, index, 1.0)
    return to_W
