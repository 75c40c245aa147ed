"""
mistake: one push late
cell: test_step
points: 0.5
"""


# %% step
class Momentum:
    def __init__(self, lr, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for name in params:
            v = self.v.get(name, np.zeros_like(params[name]))
            params[name] += v
            self.v[name] = self.momentum * v - self.lr * grads[name]
