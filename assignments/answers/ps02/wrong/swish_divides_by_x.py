"""
mistake: at 0
cell: test_swish
points: 1.5
"""


# %% swish
class Swish:
    def forward(self, x):
        return x * sigmoid(x)

    def backward(self, upstream, out, x):
        s = np.divide(out, x, out=np.zeros_like(x), where=x != 0)
        return upstream * (s + x * s * (1 - s))
