"""
mistake: slope at a
cell: test_errors
points: 1.5
"""


# %% errors
def bp1(cost_gradient, z):
    return cost_gradient * sigmoid(z) * (1 - sigmoid(z))


def bp2(delta_next, w_next, z):
    s = sigmoid(sigmoid(z))
    return (w_next.T @ delta_next) * s * (1 - s)
