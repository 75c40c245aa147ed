"""
mistake: numerical derivative
cell: test_unbroadcast
points: 0
"""


# %% unbroadcast
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def unbroadcast(gradient, shape):
    return nudge(lambda x: np.sum(gradient * x), np.ones(shape))
