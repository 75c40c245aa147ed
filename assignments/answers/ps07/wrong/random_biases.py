"""
mistake: biases not 0
cell: test_begin
points: 1.7778
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.normal(0.0, std, (D, H)),
        "b1": rng.normal(0.0, std, H),
        "W2": rng.normal(0.0, std, (H, C)),
        "b2": rng.normal(0.0, std, C),
    }
