"""
mistake: another shape
cell: test_relu
points: 2.25
"""


# %% relu
def relu_backward(upstream, x):
    return np.where(x > 0, upstream, 0).ravel()
