"""
mistake: one sum for all
cell: test_softmax
points: 0.5
"""


# %% softmax
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()
