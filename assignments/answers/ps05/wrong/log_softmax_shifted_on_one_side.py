"""
mistake: shifted on one side only
cell: test_log_softmax
points: 0.3333
"""


# %% log_softmax
def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
