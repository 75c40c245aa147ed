"""
mistake: old parameters
cell: test_train
points: 2.3333
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    start = {name: params[name].copy() for name in params}
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            step(params, gradient(start, x[batch], t[batch]))
