"""
mistake: one sum for all
cell: test_log_softmax
points: 0.3333
"""


# %% log_softmax
def log_softmax(z):
    shifted = z - z.max()
    return shifted - np.log(np.exp(shifted).sum())
