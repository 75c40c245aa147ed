"""
mistake: changed in place
cell: test_agree
points: 1.8571
"""


# %% agree
def agree(a, b, rtol=1e-5):
    if np.shape(a) != np.shape(b):
        return False
    scale = max(np.abs(a).max(), np.abs(b).max())
    a -= b
    return bool(np.abs(a).max() <= rtol * scale)
