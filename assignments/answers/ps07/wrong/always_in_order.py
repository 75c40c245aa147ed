"""
mistake: never shuffled
cell: test_train
points: 2.5
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for _ in range(epochs):
        order = np.arange(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            step(params, gradient(params, x[batch], t[batch]))
