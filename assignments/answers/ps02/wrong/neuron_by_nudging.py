"""
mistake: numerical derivative
cell: test_neuron
points: 0
"""


# %% neuron
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def neuron(x, w, bias, upstream):
    dx = nudge(lambda x: np.tanh(x @ w + bias), x)
    dw = nudge(lambda w: np.tanh(x @ w + bias), w)
    dbias = nudge(lambda bias: np.tanh(x @ w + bias), np.array(bias))
    return np.tanh(x @ w + bias), upstream * dx, upstream * dw, upstream * float(dbias)
