"""
mistake: every row with every label
cell: test_loss
points: 1
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    log_y = log_softmax(z)
    if t.ndim == 1:
        return -np.sum(log_y[:, t]) / len(z)
    return -np.sum(t * log_y) / len(z)
