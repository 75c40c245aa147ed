"""
mistake: numerical derivative
cell: test_gradients
points: 0.6667
"""


# %% gradients
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def bp3(delta):
    return delta.copy()


def bp4(a_previous, delta):
    return nudge(lambda w: np.sum(delta * (w @ a_previous)), np.ones((len(delta), len(a_previous))))
