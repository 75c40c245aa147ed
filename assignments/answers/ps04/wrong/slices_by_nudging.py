"""
mistake: numerical derivative
cell: test_slices
points: 0
"""


# %% slices
def slice_of_x(X, W, i, k, h=1e-4):
    moved = X.copy()
    moved[i, k] += h
    return (moved @ W - X @ W) / h


def slice_of_w(X, W, k, j, h=1e-4):
    moved = W.copy()
    moved[k, j] += h
    return (X @ moved - X @ W) / h
