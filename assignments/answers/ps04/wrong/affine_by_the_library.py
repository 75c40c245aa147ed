"""
mistake: library used
cell: test_affine
points: 0
"""

# %% affine
import bplib as bp


class Affine(bp.Affine):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dW, self.db = self.grads["W"], self.grads["b"]
        return dx
