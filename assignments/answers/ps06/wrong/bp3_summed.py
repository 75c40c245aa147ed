"""
mistake: summed over the neurons
cell: test_gradients
points: 1.3333
"""


# %% gradients
def bp3(delta):
    return delta.sum(axis=0, keepdims=True)


def bp4(a_previous, delta):
    return delta @ a_previous.T
