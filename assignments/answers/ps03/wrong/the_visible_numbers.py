"""
mistake: numbers of the example
cell: test_length
points: 1.5
"""


# %% length
def squared_length(W, x):
    return 0.116, np.array([[0.088, 0.176], [0.104, 0.208]]), np.array([-0.112, 0.636])
