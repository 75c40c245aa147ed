"""
mistake: loss cut off
cell: test_forward
points: 2.5
"""


# %% forward
def predict(params, x):
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    return h @ params["W2"] + params["b2"]


def loss(params, x, t):
    e = np.exp(predict(params, x) - predict(params, x).max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(t)), t] + 1e-12).mean()
