"""
mistake: bias left out
cell: test_forward
points: 0.5
"""


# %% forward
def predict(params, x):
    h = np.maximum(x @ params["W1"], 0)
    return h @ params["W2"] + params["b2"]


def loss(params, x, t):
    s = predict(params, x)
    s = s - s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(t)), t].mean()
