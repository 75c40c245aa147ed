"""
mistake: J formed
cell: test_relu
points: 2.25
"""


# %% relu
def relu_backward(upstream, x):
    J = np.diag(x.ravel() > 0)
    return (upstream.ravel() @ J).reshape(x.shape)
