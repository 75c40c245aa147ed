"""
mistake: one batch an epoch
cell: test_train
points: 1.5
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for _ in range(epochs):
        batch = rng.permutation(len(x))[:batch_size]
        step(params, gradient(params, x[batch], t[batch]))
