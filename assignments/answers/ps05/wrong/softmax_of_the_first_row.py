"""
mistake: has shape (4,), but needs (4, 4)
cell: test_softmax
points: 0.5
"""


# %% softmax
def softmax(z):
    e = np.exp(z[0] - z[0].max())
    return e / e.sum()
