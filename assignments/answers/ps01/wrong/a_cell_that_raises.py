"""
mistake: has its cell been run, and without an error?
cell: test_gradient
points: 0
"""


# %% gradient
@vectorized
def numerical_gradient(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)
