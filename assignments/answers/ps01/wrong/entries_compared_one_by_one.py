"""
mistake: agree has to return one True or False
cell: test_agree
points: 0.4
"""


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    scale = max(np.abs(a).max(), np.abs(b).max())
    return np.abs(a - b) <= rtol * scale
