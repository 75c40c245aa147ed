"""
mistake: argument changed in place
cell: test_log_softmax
points: 1.6667
"""


# %% log_softmax
def log_softmax(z):
    z -= z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
