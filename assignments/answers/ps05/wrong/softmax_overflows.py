"""
mistake: overflow
cell: test_softmax
points: 2
"""


# %% softmax
def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)
