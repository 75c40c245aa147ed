"""
mistake: value for signal
cell: test_relu
points: 1.5
"""


# %% relu
def relu_backward(upstream, x):
    return np.maximum(x, 0)
