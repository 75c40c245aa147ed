"""
mistake: J and Jᵀ exchanged
cell: test_products
points: 0
"""


# %% products
def pull_back(J, v):
    return J @ v


def push_forward(J, t):
    return J.T @ t
