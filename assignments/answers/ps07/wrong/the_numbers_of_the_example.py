"""
mistake: raised KeyError
cell: test_step
points: 2.5
"""


# %% step
class Momentum:
    def __init__(self, lr, momentum=0.9):
        momentum = {0.8: 0.8}[momentum]
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for name in params:
            self.v[name] = self.momentum * self.v.get(name, 0.0) - self.lr * grads[name]
            params[name] += self.v[name]
