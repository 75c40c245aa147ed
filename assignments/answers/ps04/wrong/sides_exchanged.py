"""
mistake: factors exchanged
cell: test_sandwich
points: 2
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    P = A @ B
    dP = A.T @ dY
    return B.T @ dP + dY @ P.T, dP @ A.T
