"""
mistake: sigmoid for softmax
cell: test_softmax
points: 0.5
"""


# %% softmax
def softmax(z):
    return 1 / (1 + np.exp(-z))
