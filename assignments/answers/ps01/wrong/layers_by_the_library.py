"""
mistake: library used
cell: test_layers
points: 0
"""

# %% layers
import bplib as bp


class MulLayer:
    gate = bp.gates.Multiply()

    def forward(self, x, y):
        self.x, self.y = x, y
        self.out = self.gate.forward(x, y)
        return self.out

    def backward(self, dout):
        return self.gate.backward(dout, self.out, self.x, self.y)


class AddLayer(MulLayer):
    gate = bp.gates.Add()
