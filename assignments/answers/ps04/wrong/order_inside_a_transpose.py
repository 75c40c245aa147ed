"""
mistake: order inside a transpose
cell: test_sandwich
points: 1.5
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    dP = dY @ A.T
    return dP @ B.T + A.T @ B.T @ dY, A.T @ dP
