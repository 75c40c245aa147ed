"""
mistake: last batch filled up
cell: test_train
points: 2
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = np.resize(np.roll(order, -k), batch_size)
            step(params, gradient(params, x[batch], t[batch]))
