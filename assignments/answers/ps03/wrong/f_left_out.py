"""
mistake: squared_length has to return three values
cell: test_length
points: 0.75
"""


# %% length
def squared_length(W, x):
    q = W @ x
    return 2 * np.outer(q, x), 2 * W.T @ q
