"""
mistake: shifted too little
cell: test_softmax
points: 2.6667
"""


# %% softmax
def softmax(z):
    e = np.exp(z - z.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
