"""
mistake: all nudged at once
cell: test_nudged
points: 1
"""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)
