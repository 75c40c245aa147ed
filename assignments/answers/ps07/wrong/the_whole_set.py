"""
mistake: no mini-batches
cell: test_train
points: 1.5
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(x))
        step(params, gradient(params, x[order], t[order]))
