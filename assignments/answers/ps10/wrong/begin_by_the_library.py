"""
mistake: library used
cell: test_begin
points: 0
"""


# %% begin
def begin(sizes, activation, rng):
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        W = bp.he(n_in, n_out, rng)
        layers.append((W if activation == "relu" else W / np.sqrt(2), np.zeros(n_out)))
    return layers
