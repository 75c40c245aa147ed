"""
mistake: changed in place
cell: test_forward
points: 2.5
"""


# %% forward
def predict(params, x):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    h = np.maximum(x @ W1 + b1, 0)
    s = h @ W2 + b2
    b2 -= b2
    return s


def loss(params, x, t):
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    s = h @ params["W2"] + params["b2"]
    s = s - s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(t)), t].mean()
