"""
mistake: target left out
cell: test_backward
points: 0.5714
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    return upstream * y / len(y)
