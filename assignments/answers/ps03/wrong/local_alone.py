"""
mistake: upstream ignored
cell: test_relu
points: 1.5
"""


# %% relu
def relu_backward(upstream, x):
    return (x > 0) * 1.0
