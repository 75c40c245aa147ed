"""
mistake: library used
cell: test_learn
points: 0
"""


# %% learn
def learn(x, t, rng):
    net = bp.MLP((64, *[32] * 19, 10), rng=rng)
    bp.train(net, x, t, epochs=1, optimiser=bp.Adam(0.002), rng=rng, progress=False)
    layers = [(net.params[f"W{k}"].copy(), net.params[f"b{k}"].copy()) for k in range(1, 21)]
    return layers, lambda z: np.maximum(z, 0)
