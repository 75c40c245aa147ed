"""
mistake: all zero
cell: test_layers
points: 1.25
"""


# %% layers
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return 0.0, 0.0


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
