"""
mistake: scores cut off
cell: test_softmax
points: 2
"""


# %% softmax
def softmax(z):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=1, keepdims=True)
