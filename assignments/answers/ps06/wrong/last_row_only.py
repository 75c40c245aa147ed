"""
mistake: one example only
cell: test_rows
points: 0.6667
"""


# %% rows
def gradient(X, Y, params):
    for x, y in zip(X, Y, strict=True):
        A1 = sigmoid(x @ params["W1"] + params["b1"])
        A2 = sigmoid(A1 @ params["W2"] + params["b2"])
        delta2 = (A2 - y) * A2 * (1 - A2)
        delta1 = (params["W2"] @ delta2) * A1 * (1 - A1)
        found = {"W1": np.outer(x, delta1), "b1": delta1, "W2": np.outer(A1, delta2), "b2": delta2}
    return found
