"""
mistake: gradient was never asked
cell: test_train
points: 0
"""


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    pass
