"""
mistake: divided by C
cell: test_accuracy
points: 1
"""


# %% accuracy
def accuracy(z, t):
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return np.sum(z.argmax(axis=1) == t) / z.shape[1]
