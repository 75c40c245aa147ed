"""
mistake: error left out
cell: test_gradients
points: 0.6667
"""


# %% gradients
def bp3(delta):
    return delta.copy()


def bp4(a_previous, delta):
    return np.ones_like(delta) @ a_previous.T
