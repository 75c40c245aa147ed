"""
mistake: has changed an array
cell: test_swish
points: 0
"""


# %% swish
class Swish:
    def forward(self, x):
        x *= sigmoid(x)
        return x

    def backward(self, upstream, out, x):
        s = sigmoid(x)
        return upstream * (s + x * s * (1 - s))
