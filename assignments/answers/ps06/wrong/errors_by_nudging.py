"""
mistake: numerical derivative
cell: test_errors
points: 0
"""


# %% errors
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def bp1(cost_gradient, z):
    return nudge(lambda z: np.sum(cost_gradient * sigmoid(z)), z)


def bp2(delta_next, w_next, z):
    return nudge(lambda z: np.sum(delta_next * (w_next @ sigmoid(z))), z)
