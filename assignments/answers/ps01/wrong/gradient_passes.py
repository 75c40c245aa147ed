"""
mistake: f was never asked at a nudged x
cell: test_gradient
points: 0
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    pass
