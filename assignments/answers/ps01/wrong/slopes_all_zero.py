"""
mistake: all zero
cell: test_gradient
points: 0
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    return np.zeros(x.shape)
