"""
mistake: per cent
cell: test_accuracy
points: 0
"""


# %% accuracy
def accuracy(z, t):
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return 100 * np.mean(z.argmax(axis=1) == t)
