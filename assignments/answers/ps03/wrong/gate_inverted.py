"""
mistake: inverted
cell: test_relu
points: 1.5
"""


# %% relu
def relu_backward(upstream, x):
    return np.where(x > 0, 0, upstream)
