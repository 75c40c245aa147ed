"""
mistake: relu_backward returned nothing
cell: test_relu
points: 0.75
"""


# %% relu
def relu_backward(upstream, x):
    print(np.where(x > 0, upstream, 0))
