"""
mistake: numerical derivative
cell: test_backward
points: 0
"""


# %% backward
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def gradient(params, x, t):
    return {name: nudge(lambda p: loss({**params, name: p}, x, t), p) for name, p in params.items()}
