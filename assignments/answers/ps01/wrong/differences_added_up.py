"""
mistake: differences added up
cell: test_agree
points: 1.9857
"""


# %% agree
def agree(a, b, rtol=1e-5):
    if np.shape(a) != np.shape(b):
        return False
    a = np.array(a, float)
    b = np.array(b, float)
    diff = np.linalg.norm(a - b)
    size = max(np.max(np.abs(a)), np.max(np.abs(b)))
    return bool(diff <= rtol * size)
