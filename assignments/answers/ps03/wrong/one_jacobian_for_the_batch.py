"""
mistake: J formed
cell: test_softmax_backward
points: 2.25
"""


# %% softmax_backward
def softmax_backward(upstream, y):
    J = np.einsum("nc,cd->ncd", y, np.eye(y.shape[1])) - np.einsum("nc,nd->ncd", y, y)
    return np.einsum("ncd,nc->nd", J, upstream)
