"""
mistake: not transposed
cell: test_sandwich
points: 0
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    P = A @ B
    dP = dY @ A
    return dP @ B + P @ dY, A @ dP
