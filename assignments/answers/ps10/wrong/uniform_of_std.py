"""
mistake: uniform, not normal
cell: test_begin
points: 1.5
"""


# %% begin
def begin(sizes, activation, rng):
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        s = np.sqrt((2 if activation == "relu" else 1) / n_in)
        W = rng.uniform(-s, s, (n_in, n_out))
        layers.append((W, np.zeros(n_out)))
    return layers
