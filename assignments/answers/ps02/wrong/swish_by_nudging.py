"""
mistake: numerical derivative
cell: test_swish
points: 0
"""


# %% swish
class Swish:
    def forward(self, x):
        return x * sigmoid(x)

    def backward(self, upstream, out, x, h=1e-5):
        return upstream * (self.forward(x + h) - self.forward(x - h)) / (2 * h)
