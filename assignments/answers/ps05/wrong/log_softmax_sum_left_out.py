"""
mistake: sum left out
cell: test_log_softmax
points: 0.3333
"""


# %% log_softmax
def log_softmax(z):
    return z - z.max(axis=1, keepdims=True)
