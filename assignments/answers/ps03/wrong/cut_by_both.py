"""
mistake: cut by both
cell: test_relu
points: 1.5
"""


# %% relu
def relu_backward(upstream, x):
    return np.where((upstream > 0) & (x > 0), upstream, 0)
