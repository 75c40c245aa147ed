"""
mistake: overwritten
cell: test_look_up
points: 1
"""


# %% look_up
def look_up(W, index):
    return W[index]


def look_up_back(upstream, index, V):
    to_W = np.zeros((V, upstream.shape[-1]))
    to_W[index] += upstream
    return to_W
