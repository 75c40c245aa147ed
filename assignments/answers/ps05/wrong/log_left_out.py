"""
mistake: logarithm left out
cell: test_log_softmax
points: 0.3333
"""


# %% log_softmax
def log_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
