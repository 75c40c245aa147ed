"""
mistake: one use only
cell: test_sandwich
points: 1.5
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    P = A @ B
    return P.T @ dY, A.T @ dY @ A.T
