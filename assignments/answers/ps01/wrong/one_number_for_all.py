"""
mistake: is a single number, but needs shape
cell: test_gradient
points: 1.1111
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)
