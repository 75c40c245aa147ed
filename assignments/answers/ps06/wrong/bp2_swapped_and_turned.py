"""
mistake: not a column
cell: test_errors
points: 1.5
"""


# %% errors
def bp1(cost_gradient, z):
    return cost_gradient * sigmoid(z) * (1 - sigmoid(z))


def bp2(delta_next, w_next, z):
    return delta_next.T @ w_next * sigmoid(z) * (1 - sigmoid(z))
