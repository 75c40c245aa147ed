"""
mistake: library used
cell: test_staged
points: 0
"""

# %% staged
import bplib as bp


def staged(x, y):
    def f(x, y):
        return (x + bp.sigmoid(y)) / (bp.sigmoid(x) + (x + y) ** 2)

    return f(x, y), *bp.grad(f)(x, y)
