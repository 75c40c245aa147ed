"""
mistake: overflow
cell: test_softmax_jacobian
points: 1.6
"""


# %% softmax_jacobian
def softmax_jacobian(x):
    e = np.exp(x)
    y = e / e.sum()
    return np.diag(y) - np.outer(y, y)
