"""
mistake: velocity shared
cell: test_step
points: 0.75
"""


# %% step
class Momentum:
    v = {}

    def __init__(self, lr, momentum=0.9):
        self.lr, self.momentum = lr, momentum

    def update(self, params, grads):
        for name in params:
            self.v[name] = self.momentum * self.v.get(name, 0.0) - self.lr * grads[name]
            params[name] += self.v[name]
