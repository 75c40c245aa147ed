"""
mistake: forward difference
cell: test_nudged
points: 1
"""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    return np.column_stack([(f(x + h * unit) - f(x)) / h for unit in np.eye(len(x))])
