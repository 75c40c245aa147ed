"""
mistake: one use only
cell: test_sandwich
points: 1.5
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    dP = dY @ A.T
    return dP @ B.T, A.T @ dP
