"""
mistake: shapes ignored
cell: test_agree
points: 1.8095
"""


# %% agree
def agree(a, b, rtol=1e-5):
    scale = max(np.abs(a).max(), np.abs(b).max())
    return bool(np.abs(a - b).max() <= rtol * scale)
