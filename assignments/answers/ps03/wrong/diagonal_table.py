"""
mistake: always diagonal
cell: test_softmax_jacobian
points: 0
"""


# %% softmax_jacobian
def softmax_jacobian(x):
    e = np.exp(x - x.max())
    y = e / e.sum()
    return np.diag(y * (1 - y))
