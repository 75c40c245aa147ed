"""
mistake: sum over axis 0
cell: test_log_softmax
points: 0.3333
"""


# %% log_softmax
def log_softmax(z):
    shifted = z - z.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))
