"""
mistake: argument changed in place
cell: test_accuracy
points: 1.3333
"""


# %% accuracy
def accuracy(z, t):
    if t.ndim == 2:
        t = t.argmax(axis=1)
    z -= z.max(axis=1, keepdims=True)
    return np.mean(z.argmax(axis=1) == t)
