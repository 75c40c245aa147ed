"""
mistake: softmax_loss returned nothing
cell: test_loss
points: 0
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    log_y = log_softmax(z)
    loss = -np.sum(log_y) / len(z)
