"""
mistake: powers left out
cell: test_softmax
points: 0.5
"""


# %% softmax
def softmax(z):
    return z / z.sum(axis=1, keepdims=True)
