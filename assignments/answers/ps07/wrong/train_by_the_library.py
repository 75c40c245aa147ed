"""
mistake: library used
cell: test_train
points: 0
"""

# %% train
import bplib as bp


def train(params, x, t, gradient, step, epochs, batch_size, rng):
    class Net:
        def __init__(self):
            self.params = params

        def loss(self, x, t):
            return 0.0

        def accuracy(self, x, t):
            return 0.0

        def gradient(self, x, t):
            return gradient(params, x, t)

    class Step:
        def update(self, params, grads):
            step(params, grads)

    bp.train(Net(), x, t, epochs=epochs, batch_size=batch_size, optimiser=Step(), rng=rng, progress=False)
