"""
mistake: overflow
cell: test_log_softmax
points: 1.25
"""


# %% log_softmax
def log_softmax(z):
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
