"""
mistake: 1e-7 in the logarithm
cell: test_log_softmax
points: 1.25
"""


# %% log_softmax
def log_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True) + 1e-7)
