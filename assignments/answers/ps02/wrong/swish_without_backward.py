"""
mistake: cannot be a gate
cell: test_swish
points: 0
"""


# %% swish
class Swish:
    def forward(self, x):
        return x * sigmoid(x)
