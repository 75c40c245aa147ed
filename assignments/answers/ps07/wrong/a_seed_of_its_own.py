"""
mistake: rng ignored
cell: test_begin
points: 1.6667
"""


# %% begin
def initialise(D, H, C, std, rng):
    rng = np.random.default_rng(42)
    return {
        "W1": rng.normal(0.0, std, (D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(0.0, std, (H, C)),
        "b2": np.zeros(C),
    }
