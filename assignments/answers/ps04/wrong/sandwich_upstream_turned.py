"""
mistake: upstream transposed
cell: test_sandwich
points: 0
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    P = A @ B
    dP = dY.T @ A.T
    return dP @ B.T + P.T @ dY.T, A.T @ dP
