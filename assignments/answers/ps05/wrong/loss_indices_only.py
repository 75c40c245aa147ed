"""
mistake: raised IndexError
cell: test_loss
points: 2
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    log_y = log_softmax(z)
    return -log_y[np.arange(len(z)), t].mean()
