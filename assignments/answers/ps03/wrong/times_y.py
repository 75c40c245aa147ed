"""
mistake: value for slope
cell: test_relu
points: 1.5
"""


# %% relu
def relu_backward(upstream, x):
    return upstream * np.maximum(x, 0)
