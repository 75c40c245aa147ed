"""
mistake: target left out
cell: test_loss
points: 0
"""


# %% loss
def softmax_loss(z, t, log_softmax):
    return -log_softmax(z).mean()
