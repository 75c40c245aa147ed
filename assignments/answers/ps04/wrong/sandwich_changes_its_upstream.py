"""
mistake: argument changed in place
cell: test_sandwich
points: 2
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    dB = A.T @ dY @ A.T
    dA = dY @ A.T @ B.T + (A @ B).T @ dY
    dY -= dY
    return dA, dB
