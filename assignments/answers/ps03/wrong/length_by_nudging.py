"""
mistake: numerical derivative
cell: test_length
points: 0
"""


# %% length
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def squared_length(W, x):
    f = lambda W, x: np.sum((W @ x) ** 2)
    return f(W, x), nudge(lambda W: f(W, x), W), nudge(lambda x: f(W, x), x)
