"""
mistake: library used
cell: test_sandwich
points: 0
"""

# %% sandwich
import bplib as bp


def sandwich_backward(dY, A, B):
    return bp.vjp(lambda A, B: A @ B @ A, (A, B), dY)
