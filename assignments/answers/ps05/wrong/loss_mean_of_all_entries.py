"""
mistake: divided by C
cell: test_loss
points: 0
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    return -np.mean(t * log_softmax(z))
