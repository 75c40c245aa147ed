"""
mistake: should be a number or an array of numbers
cell: test_sandwich
points: 0
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    return "dY A.T B.T + (A B).T dY", "A.T dY A.T"
