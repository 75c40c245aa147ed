"""
mistake: a bias with two axes
cell: test_begin
points: 1.6667
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.normal(0.0, std, (D, H)),
        "b1": np.zeros((1, H)),
        "W2": rng.normal(0.0, std, (H, C)),
        "b2": np.zeros((1, C)),
    }
