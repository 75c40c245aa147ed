"""
mistake: raised ValueError
cell: test_backward
points: 1.7143
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    return upstream * (y - t) / len(y)
