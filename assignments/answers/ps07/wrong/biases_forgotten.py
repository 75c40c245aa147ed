"""
mistake: b1: is not in the dict
cell: test_begin
points: 1.4444
"""


# %% begin
def initialise(D, H, C, std, rng):
    return {
        "W1": rng.normal(0.0, std, (D, H)),
        "W2": rng.normal(0.0, std, (H, C)),
    }
