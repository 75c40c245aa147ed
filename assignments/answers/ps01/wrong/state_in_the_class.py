"""
mistake: state shared
cell: test_layers
points: 2.25
"""


# %% layers
class MulLayer:
    def forward(self, x, y):
        MulLayer.x, MulLayer.y = x, y
        return x * y

    def backward(self, dout):
        return dout * MulLayer.y, dout * MulLayer.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
