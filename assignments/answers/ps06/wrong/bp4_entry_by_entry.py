"""
mistake: not a matrix
cell: test_gradients
points: 0.6667
"""


# %% gradients
def bp3(delta):
    return delta.copy()


def bp4(a_previous, delta):
    return delta * a_previous
