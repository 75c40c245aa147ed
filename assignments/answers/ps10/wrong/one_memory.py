"""
mistake: one state for all
cell: test_adam
points: 1.25
"""


# %% adam
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.k = 0, 0, 0

    def update(self, params, grads):
        self.k += 1
        for name in params:
            g = grads[name]
            m = self.beta1 * self.m + (1 - self.beta1) * g
            v = self.beta2 * self.v + (1 - self.beta2) * g**2
            self.m, self.v = m, v
            m_hat, v_hat = m / (1 - self.beta1**self.k), v / (1 - self.beta2**self.k)
            params[name] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
