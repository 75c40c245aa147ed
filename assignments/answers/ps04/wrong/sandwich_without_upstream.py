"""
mistake: upstream ignored
cell: test_sandwich
points: 0
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    P = A @ B
    return A.T @ B.T + P.T, A.T @ A.T
