"""
mistake: state shared
cell: test_layers
points: 2.25
"""


# %% layers
class MulLayer:
    def forward(self, x, y):
        global remembered
        remembered = x, y
        return x * y

    def backward(self, dout):
        x, y = remembered
        return dout * y, dout * x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
