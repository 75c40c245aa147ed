"""
mistake: J formed
cell: test_relu
points: 2.25
"""


# %% relu
def relu_backward(upstream, x):
    J = np.diag((x > 0).ravel() * 1.0)
    return (J.T @ upstream.ravel()).reshape(x.shape)
