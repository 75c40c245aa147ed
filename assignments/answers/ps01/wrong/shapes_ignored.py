"""
mistake: shapes ignored
cell: test_agree
points: 1.9048
"""


# %% agree
def agree(a, b, rtol=1e-5):
    try:
        return bool(np.abs(np.subtract(a, b)).max() <= rtol * max(np.abs(a).max(), np.abs(b).max()))
    except ValueError:
        return False
