"""
mistake: averages beside the wrong rows
cell: test_softmax_backward
points: 0
"""


# %% softmax_backward
def softmax_backward(upstream, y):
    return y * (upstream - (upstream * y).sum(axis=1))
