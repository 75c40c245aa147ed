"""
mistake: argument changed in place
cell: test_relu
points: 2.25
"""


# %% relu
def relu_backward(upstream, x):
    x[x <= 0] = 0
    x[x > 0] = 1
    return upstream * x
