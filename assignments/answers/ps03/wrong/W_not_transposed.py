"""
mistake: W for Wᵀ
cell: test_length
points: 1
"""


# %% length
def squared_length(W, x):
    q = W @ x
    return q @ q, 2 * np.outer(q, x), 2 * W @ q
