"""
mistake: array of integers
cell: test_begin
points: 1.7778
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.normal(0.0, std, (D, H)),
        "b1": np.zeros(H, dtype=int),
        "W2": rng.normal(0.0, std, (H, C)),
        "b2": np.zeros(C, dtype=int),
    }
