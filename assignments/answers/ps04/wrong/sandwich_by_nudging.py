"""
mistake: numerical derivative
cell: test_sandwich
points: 0
"""


# %% sandwich
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def sandwich_backward(dY, A, B):
    return nudge(lambda A: np.sum(dY * (A @ B @ A)), A), nudge(lambda B: np.sum(dY * (A @ B @ A)), B)
