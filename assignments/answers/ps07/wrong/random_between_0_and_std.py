"""
mistake: mean not 0
cell: test_begin
points: 1.5556
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": std * rng.random((D, H)),
        "b1": np.zeros(H),
        "W2": std * rng.random((H, C)),
        "b2": np.zeros(C),
    }
