"""
mistake: an epoch too many or too few
cell: test_train
points: 2
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    n = len(x)
    for _ in range(epochs + 1):
        order = rng.permutation(n)
        for i in range(0, n, batch_size):
            b = order[i : i + batch_size]
            step(params, gradient(params, x[b], t[b]))
