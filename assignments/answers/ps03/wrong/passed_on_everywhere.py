"""
mistake: passed on everywhere
cell: test_relu
points: 1.5
"""


# %% relu
def relu_backward(upstream, x):
    return upstream.copy()
