"""
mistake: argument changed in place
cell: test_length
points: 2.25
"""


# %% length
def squared_length(W, x):
    q = W @ x
    dx = 2 * W.T @ q
    W[:] = 2 * np.outer(q, x)
    return q @ q, W, dx
