"""
mistake: all nudged at once
cell: test_gradient
points: 1.1111
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    slope = np.zeros(x.shape)
    slope += (f(x + h) - f(x - h)) / (2 * h)
    return slope
