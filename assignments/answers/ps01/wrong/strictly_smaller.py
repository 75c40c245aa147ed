"""
mistake: divided by zero
cell: test_agree
points: 1.8571
"""


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    scale = max(np.abs(a).max(), np.abs(b).max())
    return bool(np.abs(a - b).max() < rtol * scale)
