"""
mistake: std ignored
cell: test_begin
points: 1.7778
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.standard_normal((D, H)),
        "b1": np.zeros(H),
        "W2": rng.standard_normal((H, C)),
        "b2": np.zeros(C),
    }
