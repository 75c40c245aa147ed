"""
mistake: argument changed in place
cell: test_softmax_backward
points: 2.25
"""


# %% softmax_backward
def softmax_backward(upstream, y):
    average = (upstream * y).sum(axis=1, keepdims=True)
    y *= upstream - average
    return y
