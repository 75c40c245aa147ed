"""
mistake: returned nothing
cell: test_begin
points: 0
"""


# %% begin
def initialise(D, H, C, std, rng):
    params = {
        "W1": rng.normal(0.0, std, (D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(0.0, std, (H, C)),
        "b2": np.zeros(C),
    }
