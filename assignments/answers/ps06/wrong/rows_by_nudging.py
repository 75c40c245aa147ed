"""
mistake: numerical derivative
cell: test_rows
points: 0
"""


# %% rows
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def gradient(X, Y, params):
    def cost(params):
        A1 = sigmoid(X @ params["W1"] + params["b1"])
        return np.sum((sigmoid(A1 @ params["W2"] + params["b2"]) - Y) ** 2) / (2 * len(X))

    return {name: nudge(lambda p: cost({**params, name: p}), p) for name, p in params.items()}
