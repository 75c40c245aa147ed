"""
mistake: nudged_jacobian returned nothing
cell: test_nudged
points: 0
"""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    print(np.column_stack([(f(x + h * unit) - f(x - h * unit)) / (2 * h) for unit in np.eye(len(x))]))
