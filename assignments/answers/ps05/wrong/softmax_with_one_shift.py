"""
mistake: not shifted row by row
cell: test_softmax
points: 2.3333
"""


# %% softmax
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)
