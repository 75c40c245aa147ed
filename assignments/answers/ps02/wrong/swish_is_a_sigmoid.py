"""
mistake: one factor left out
cell: test_swish
points: 0.6667
"""


# %% swish
class Swish:
    def forward(self, x):
        return sigmoid(x)

    def backward(self, upstream, out, x):
        s = sigmoid(x)
        return upstream * (s + x * s * (1 - s))
