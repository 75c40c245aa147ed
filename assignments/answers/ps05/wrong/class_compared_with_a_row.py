"""
mistake: class compared with a row
cell: test_accuracy
points: 1
"""


# %% accuracy
def accuracy(z, t):
    return np.mean(z.argmax(axis=1) == t)
