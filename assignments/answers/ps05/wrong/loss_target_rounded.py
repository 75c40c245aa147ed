"""
mistake: target rounded
cell: test_loss
points: 2.5
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    log_y = log_softmax(z)
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return -log_y[np.arange(len(z)), t].mean()
