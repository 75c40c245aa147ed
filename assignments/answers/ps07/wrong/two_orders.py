"""
mistake: x and t apart
cell: test_train
points: 2.25
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            step(params, gradient(params, x[batch], t[rng.permutation(order)[k : k + batch_size]]))
