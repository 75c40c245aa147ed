"""
mistake: upstream ignored
cell: test_layers
points: 2.5
"""


# %% layers
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return 1.0, 1.0
