"""
mistake: always diagonal
cell: test_softmax_backward
points: 1.5
"""


# %% softmax_backward
def softmax_backward(upstream, y):
    return upstream * y * (1 - y)
