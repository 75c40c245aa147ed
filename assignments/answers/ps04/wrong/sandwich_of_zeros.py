"""
mistake: all zero
cell: test_sandwich
points: 0
"""


# %% sandwich
def sandwich_backward(dY, A, B):
    return np.zeros_like(A), np.zeros_like(B)
