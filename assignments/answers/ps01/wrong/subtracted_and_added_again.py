"""
mistake: put back by arithmetic
cell: test_agree
points: 1.8571
"""


# %% agree
def agree(a, b, rtol=1e-5):
    if np.shape(a) != np.shape(b):
        return False
    scale = max(np.abs(a).max(), np.abs(b).max())
    a -= b
    worst = np.abs(a).max()
    a += b
    return bool(worst <= rtol * scale)
