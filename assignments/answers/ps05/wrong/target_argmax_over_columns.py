"""
mistake: argmax over axis 0
cell: test_accuracy
points: 1
"""


# %% accuracy
def accuracy(z, t):
    if t.ndim == 2:
        t = t.argmax(axis=0)
    return np.mean(z.argmax(axis=1) == t)
