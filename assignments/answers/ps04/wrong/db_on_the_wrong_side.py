"""
mistake: factors exchanged
cell: test_sandwich
points: 1.5
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    P = A @ B
    dP = dY @ A.T
    return dP @ B.T + P.T @ dY, dP @ A.T
