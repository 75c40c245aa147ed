"""
mistake: not every entry
cell: test_agree
points: 1.6939
"""


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    scale = max(np.abs(a).max(), np.abs(b).max())
    return bool(np.any(np.abs(a - b) <= rtol * scale))
