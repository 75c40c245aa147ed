"""
mistake: argument changed in place
cell: test_softmax_backward
points: 2.25
"""


# %% softmax_backward
def softmax_backward(upstream, y):
    upstream -= (upstream * y).sum(axis=1, keepdims=True)
    return y * upstream
