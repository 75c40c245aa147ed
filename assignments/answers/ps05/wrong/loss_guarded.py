"""
mistake: 1e-7 in the logarithm
cell: test_loss
points: 2
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    y = np.exp(log_softmax(z))
    return -np.sum(t * np.log(y + 1e-7)) / len(z)
