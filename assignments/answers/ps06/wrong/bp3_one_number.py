"""
mistake: summed over the neurons
cell: test_gradients
points: 1.3333
"""


# %% gradients
def bp3(delta):
    return np.sum(delta)


def bp4(a_previous, delta):
    return delta @ a_previous.T
