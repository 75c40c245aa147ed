"""
mistake: slope at 0
cell: test_backward
points: 3.3333
"""


# %% backward
def gradient(params, x, t):
    z = x @ params["W1"] + params["b1"]
    h = np.maximum(0, z)
    s = h @ params["W2"] + params["b2"]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    d2 = e / e.sum(axis=1, keepdims=True)
    N = len(x)
    d2[np.arange(N), t] -= 1
    d2 /= N
    d1 = d2 @ params["W2"].T
    d1[z < 0] = 0
    return {"W1": x.T @ d1, "b1": d1.sum(axis=0), "W2": h.T @ d2, "b2": d2.sum(axis=0)}
