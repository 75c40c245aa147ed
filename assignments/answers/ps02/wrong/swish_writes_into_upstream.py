"""
mistake: argument changed in place
cell: test_swish
points: 1.3333
"""


# %% swish
class Swish:
    def forward(self, x):
        return x * sigmoid(x)

    def backward(self, upstream, out, x):
        s = sigmoid(x)
        upstream *= s + x * s * (1 - s)
        return upstream
