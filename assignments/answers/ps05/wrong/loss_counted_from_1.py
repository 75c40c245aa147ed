"""
mistake: counted from 1
cell: test_loss
points: 1
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    log_y = log_softmax(z)
    if t.ndim == 1:
        return -log_y[np.arange(len(z)), t - 1].mean()
    return -np.sum(t * log_y) / len(z)
