"""
mistake: absolute tolerance
cell: test_agree
points: 1.7738
"""


# %% agree
def agree(a, b, rtol=1e-5):
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=rtol)
