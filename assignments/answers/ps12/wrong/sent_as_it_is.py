"""
mistake: upstream as it is
cell: test_look_up
points: 0.6667
"""


# %% look_up
def look_up(W, index):
    return W[index]


def look_up_back(upstream, index, V):
    return upstream
