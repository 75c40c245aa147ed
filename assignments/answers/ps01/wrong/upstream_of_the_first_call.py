"""
mistake: upstream remembered
cell: test_layers
points: 2
"""


# %% layers
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        if not hasattr(self, "dout"):
            self.dout = dout
        return self.dout * self.y, self.dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
