"""
mistake: scores cut off
cell: test_log_softmax
points: 1
"""


# %% log_softmax
def log_softmax(z):
    z = np.clip(z, -500, 500)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
