"""
mistake: library used
cell: test_swish
points: 0
"""

# %% swish
import bplib as bp


class Swish:
    def forward(self, x):
        return x * sigmoid(x)

    def backward(self, upstream, out, x):
        return bp.vjp(lambda x: x * bp.sigmoid(x), x, upstream)
