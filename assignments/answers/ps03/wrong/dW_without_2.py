"""
mistake: factor 2
cell: test_length
points: 2.25
"""


# %% length
def squared_length(W, x):
    q = W @ x
    return q @ q, np.outer(q, x), 2 * W.T @ q
