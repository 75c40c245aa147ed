"""
mistake: rng ignored
cell: test_begin
points: 1.6667
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": np.random.normal(0.0, std, (D, H)),
        "b1": np.zeros(H),
        "W2": np.random.normal(0.0, std, (H, C)),
        "b2": np.zeros(C),
    }
