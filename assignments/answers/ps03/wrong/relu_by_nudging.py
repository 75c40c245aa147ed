"""
mistake: numerical derivative
cell: test_relu
points: 0
"""


# %% relu
def relu_backward(upstream, x, h=1e-5):
    return upstream * (np.maximum(x + h, 0) - np.maximum(x - h, 0)) / (2 * h)
