"""
mistake: argument changed in place
cell: test_softmax_jacobian
points: 1.4667
"""


# %% softmax_jacobian
def softmax_jacobian(x):
    x -= x.max()
    e = np.exp(x)
    y = e / e.sum()
    return np.diag(y) - np.outer(y, y)
