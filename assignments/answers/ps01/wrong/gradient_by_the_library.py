"""
mistake: library used
cell: test_gradient
points: 0
"""

# %% gradient
import bplib as bp


def numerical_gradient(f, x, h=1e-5):
    return bp.numerical_gradient(lambda x: f(np.array(x)), x.astype(float), h=h)
