"""
mistake: variance and std mixed up
cell: test_begin
points: 1.7778
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.normal(0.0, np.sqrt(std), (D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(0.0, np.sqrt(std), (H, C)),
        "b2": np.zeros(C),
    }
