"""
mistake: scale of one side
cell: test_agree
points: 1.9643
"""


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    return bool(np.abs(a - b).max() <= rtol * np.abs(a).max())
