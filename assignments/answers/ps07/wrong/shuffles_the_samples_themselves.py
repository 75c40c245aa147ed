"""
mistake: changed in place
cell: test_train
points: 2.5
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(x))
        x[:], t[:] = x[order], t[order]
        for k in range(0, len(x), batch_size):
            step(params, gradient(params, x[k : k + batch_size], t[k : k + batch_size]))
