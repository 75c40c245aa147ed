"""
mistake: argument changed in place
cell: test_softmax
points: 2.5
"""


# %% softmax
def softmax(z):
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)
