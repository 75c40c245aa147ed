"""
mistake: sum over axis 0
cell: test_softmax
points: 0.5
"""


# %% softmax
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)
