"""
mistake: all weights alike
cell: test_begin
points: 1.4444
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": np.zeros((D, H)),
        "b1": np.zeros(H),
        "W2": np.zeros((H, C)),
        "b2": np.zeros(C),
    }
