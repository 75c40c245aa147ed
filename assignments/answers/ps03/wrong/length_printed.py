"""
mistake: squared_length returned nothing
cell: test_length
points: 0.75
"""


# %% length
def squared_length(W, x):
    q = W @ x
    print(q @ q, 2 * np.outer(q, x), 2 * W.T @ q)
