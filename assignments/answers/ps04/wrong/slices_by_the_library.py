"""
mistake: library used
cell: test_slices
points: 0
"""

# %% slices
import bplib as bp


def slice_of_x(X, W, i, k):
    tangent = np.zeros(X.shape)
    tangent[i, k] = 1
    return bp.jvp(lambda X: X @ W, X, tangent)


def slice_of_w(X, W, k, j):
    return bp.jacobian(lambda W: X @ W, W)[:, :, k, j]
