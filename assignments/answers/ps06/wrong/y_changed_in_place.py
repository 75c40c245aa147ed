"""
mistake: argument changed in place
cell: test_rows
points: 3.3333
"""


# %% rows
def gradient(X, Y, params):
    A1 = sigmoid(X @ params["W1"] + params["b1"])
    A2 = sigmoid(A1 @ params["W2"] + params["b2"])
    delta2 = (np.negative(np.subtract(Y, A2, out=Y))) * A2 * (1 - A2) / len(X)
    delta1 = (delta2 @ params["W2"].T) * A1 * (1 - A1)
    return {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": A1.T @ delta2, "b2": delta2.sum(axis=0)}
