"""
mistake: another shape
cell: test_length
points: 2.25
"""


# %% length
def squared_length(W, x):
    q = W @ x
    return q @ q, 2 * np.outer(q, x), 2 * W.T @ q[:, None]
