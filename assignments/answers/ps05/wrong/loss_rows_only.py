"""
mistake: raised ValueError
cell: test_loss
points: 1
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    return -np.sum(t * log_softmax(z)) / len(z)
