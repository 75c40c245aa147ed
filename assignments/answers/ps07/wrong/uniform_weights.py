"""
mistake: uniform, not normal
cell: test_begin
points: 1.7778
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.uniform(-std, std, (D, H)),
        "b1": np.zeros(H),
        "W2": rng.uniform(-std, std, (H, C)),
        "b2": np.zeros(C),
    }
