"""
mistake: not divided
cell: test_softmax
points: 0.5
"""


# %% softmax
def softmax(z):
    return np.exp(z - z.max(axis=1, keepdims=True))
