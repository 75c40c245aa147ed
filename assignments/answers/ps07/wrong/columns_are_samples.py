"""
mistake: rows and columns exchanged
cell: test_begin
points: 1.6667
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.normal(0.0, std, (H, D)),
        "b1": np.zeros(H),
        "W2": rng.normal(0.0, std, (C, H)),
        "b2": np.zeros(C),
    }
