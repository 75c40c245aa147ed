"""
mistake: one velocity for all
cell: test_step
points: 1.25
"""


# %% step
class Momentum:
    def __init__(self, lr, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, 0.0

    def update(self, params, grads):
        for name in params:
            self.v = self.momentum * self.v - self.lr * grads[name]
            params[name] += self.v
