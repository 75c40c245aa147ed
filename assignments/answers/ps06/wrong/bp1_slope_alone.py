"""
mistake: slope alone
cell: test_errors
points: 3
"""


# %% errors
def bp1(cost_gradient, z):
    return sigmoid(z) * (1 - sigmoid(z))


def bp2(delta_next, w_next, z):
    return (w_next.T @ delta_next) * sigmoid(z) * (1 - sigmoid(z))
