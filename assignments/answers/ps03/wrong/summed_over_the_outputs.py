"""
mistake: summed over the outputs
cell: test_nudged
points: 1
"""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    return np.array([np.sum(f(x + h * unit) - f(x - h * unit)) / (2 * h) for unit in np.eye(len(x))])
