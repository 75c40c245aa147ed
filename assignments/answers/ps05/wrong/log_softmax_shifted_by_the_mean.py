"""
mistake: shifted too little
cell: test_log_softmax
points: 1.75
"""


# %% log_softmax
def log_softmax(z):
    shifted = z - z.mean(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
