"""
mistake: axes left over
cell: test_products
points: 1.25
"""


# %% products
def pull_back(J, v):
    return J.T @ v


def push_forward(J, t):
    return J @ t
