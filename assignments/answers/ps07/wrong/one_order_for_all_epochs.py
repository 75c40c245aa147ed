"""
mistake: shuffled once
cell: test_train
points: 2.75
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    order = rng.permutation(len(x))
    for _ in range(epochs):
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            step(params, gradient(params, x[batch], t[batch]))
