"""
mistake: library used
cell: test_nudged
points: 0
"""

# %% nudged
import bplib as bp


def nudged_jacobian(f, x, h=1e-5):
    rows = range(len(f(x)))
    return np.array([bp.numerical_gradient(lambda x: f(x)[i], x, h=h) for i in rows])
