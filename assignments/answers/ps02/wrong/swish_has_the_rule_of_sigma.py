"""
mistake: rule of σ alone
cell: test_swish
points: 0.6667
"""


# %% swish
class Swish:
    def forward(self, x):
        return x * sigmoid(x)

    def backward(self, upstream, out, x):
        s = sigmoid(x)
        return upstream * s * (1 - s)
