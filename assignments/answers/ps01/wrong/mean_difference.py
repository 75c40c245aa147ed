"""
mistake: sign of the difference
cell: test_agree
points: 1.869
"""


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    scale = max(np.abs(a).max(), np.abs(b).max())
    return bool(np.mean(a - b) <= rtol * scale)
