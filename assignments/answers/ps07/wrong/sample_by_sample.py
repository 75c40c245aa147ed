"""
mistake: one sample at a time
cell: test_train
points: 2
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for n in order:
            batch = [n]
            step(params, gradient(params, x[batch], t[batch]))
