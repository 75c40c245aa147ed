"""
mistake: argument changed in place
cell: test_relu
points: 2.25
"""


# %% relu
def relu_backward(upstream, x):
    upstream[x <= 0] = 0
    return upstream
