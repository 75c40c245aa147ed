"""
mistake: slope at 0
cell: test_backward
points: 3.3333
"""


# %% backward
def gradient(params, x, t):
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    delta2 = (p - np.eye(s.shape[1])[t]) / len(t)
    delta1 = (delta2 @ params["W2"].T) * (x @ params["W1"] + params["b1"] >= 0)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0), "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}
