"""
mistake: not shifted row by row
cell: test_log_softmax
points: 1.5
"""


# %% log_softmax
def log_softmax(z):
    shifted = z - z.max()
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
