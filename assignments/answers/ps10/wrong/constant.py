"""
mistake: all weights alike
cell: test_begin
points: 0.75
"""


# %% begin
def begin(sizes, activation, rng):
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        s = 0.03
        W = np.full((n_in, n_out), s)
        layers.append((W, np.zeros(n_out)))
    return layers
