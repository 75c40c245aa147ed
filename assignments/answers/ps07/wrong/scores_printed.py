"""
mistake: returned nothing
cell: test_forward
points: 2
"""


# %% forward
def predict(params, x):
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    print(h @ params["W2"] + params["b2"])


def loss(params, x, t):
    s = np.maximum(x @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    s = s - s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(t)), t].mean()
