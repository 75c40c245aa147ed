"""
mistake: right the first time only
cell: test_layers
points: 2.8333
"""


# %% layers
class MulLayer:
    def forward(self, x, y):
        self.x, self.out = x, x * y
        return self.out

    def backward(self, dout):
        return dout * (self.out / self.x if self.x else 0.0), dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
