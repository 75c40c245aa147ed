"""
mistake: in the other order
cell: test_sandwich
points: 0
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    P = A @ B
    dP = dY @ A.T
    return A.T @ dP, dP @ B.T + P.T @ dY
