"""
mistake: library used
cell: test_adam
points: 0
"""


# %% adam
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.inner = bp.Adam(lr, beta1, beta2, eps)

    def update(self, params, grads):
        self.inner.update(params, grads)
