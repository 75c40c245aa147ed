"""
mistake: a bias with two axes
cell: test_begin
points: 2.625
"""


# %% begin
def begin(sizes, activation, rng):
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        s = np.sqrt((2 if activation == "relu" else 1) / n_in)
        W = rng.normal(0, s, (n_in, n_out))
        layers.append((W, np.zeros((1, n_out))))
    return layers
