"""
mistake: W for Wᵀ
cell: test_errors
points: 1.25
"""


# %% errors
def bp1(cost_gradient, z):
    return cost_gradient * sigmoid(z) * (1 - sigmoid(z))


def bp2(delta_next, w_next, z):
    return (w_next @ delta_next) * sigmoid(z) * (1 - sigmoid(z))
