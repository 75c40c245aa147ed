"""
mistake: library used
cell: test_product
points: 0
"""

# %% product
import bplib as bp


def product_backward(dY, X, W):
    return bp.vjp(bp.matmul, (X, W), dY)
