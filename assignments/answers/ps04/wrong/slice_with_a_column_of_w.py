"""
mistake: wrong neighbours
cell: test_slices
points: 1.5
"""


# %% slices
def slice_of_x(X, W, i, k):
    moves = np.zeros((len(X), W.shape[1]))
    moves[i] = W[:, k]
    return moves


def slice_of_w(X, W, k, j):
    moves = np.zeros((len(X), W.shape[1]))
    moves[:, j] = X[:, k]
    return moves
