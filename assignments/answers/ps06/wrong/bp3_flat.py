"""
mistake: not a column
cell: test_gradients
points: 1.3333
"""


# %% gradients
def bp3(delta):
    return delta.ravel()


def bp4(a_previous, delta):
    return delta @ a_previous.T
