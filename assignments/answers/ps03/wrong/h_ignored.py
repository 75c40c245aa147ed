"""
mistake: h ignored
cell: test_nudged
points: 1
"""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    return np.column_stack([(f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5 for e in np.eye(len(x))])
