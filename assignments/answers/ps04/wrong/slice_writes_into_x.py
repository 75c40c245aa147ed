"""
mistake: argument changed in place
cell: test_slices
points: 2.625
"""


# %% slices
def slice_of_x(X, W, i, k):
    Y = X @ W
    X[i, k] += 1
    return X @ W - Y


def slice_of_w(X, W, k, j):
    moves = np.zeros((len(X), W.shape[1]))
    moves[:, j] = X[:, k]
    return moves
