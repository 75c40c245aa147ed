"""
mistake: library used
cell: test_look_up
points: 0.6667
"""


# %% look_up
def look_up(W, index):
    return W[index]


def look_up_back(upstream, index, V):
    to_W, _ = bp.gates.Embedding().backward(upstream, None, np.zeros((V, upstream.shape[-1])), index)
    return to_W
