"""
mistake: has to return a dict
cell: test_begin
points: 0
"""


# %% begin
def initialise(D, H, C, std, rng):
    return rng.normal(0.0, std, (D, H)), np.zeros(H), rng.normal(0.0, std, (H, C)), np.zeros(C)
