"""
mistake: upstream ignored
cell: test_length
points: 2.25
"""


# %% length
def squared_length(W, x):
    q = W @ x
    return q @ q, np.ones((len(q), 1)) * x, 2 * W.T @ q
