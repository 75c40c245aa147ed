"""
mistake: samples mixed
cell: test_softmax_backward
points: 1.5
"""


# %% softmax_backward
def softmax_backward(upstream, y):
    return y * (upstream - (upstream * y).sum(axis=0))
