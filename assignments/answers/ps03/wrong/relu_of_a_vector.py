"""
mistake: raised ValueError
cell: test_relu
points: 2.25
"""


# %% relu
def relu_backward(upstream, x):
    return np.array([v if each > 0 else 0 for v, each in zip(upstream, x)])
