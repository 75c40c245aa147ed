"""
mistake: argument changed in place
cell: test_errors
points: 3.75
"""


# %% errors
def bp1(cost_gradient, z):
    cost_gradient *= sigmoid(z) * (1 - sigmoid(z))
    return cost_gradient


def bp2(delta_next, w_next, z):
    return (w_next.T @ delta_next) * sigmoid(z) * (1 - sigmoid(z))
