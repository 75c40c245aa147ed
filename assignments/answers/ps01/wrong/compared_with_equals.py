"""
mistake: compared with ==
cell: test_agree
points: 1.0833
"""


# %% agree
def agree(a, b, rtol=1e-5):
    return bool(np.all(np.shape(a) == np.shape(b) and np.asarray(a) == np.asarray(b)))
