"""
mistake: argument changed in place
cell: test_loss
points: 2.3333
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    log_y = log_softmax(z)
    z -= z.max(axis=1, keepdims=True)
    if t.ndim == 1:
        return -log_y[np.arange(len(z)), t].mean()
    return -np.sum(t * log_y) / len(z)
