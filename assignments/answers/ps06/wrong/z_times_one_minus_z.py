"""
mistake: z for a in a (1 − a)
cell: test_errors
points: 1.5
"""


# %% errors
def bp1(cost_gradient, z):
    return cost_gradient * sigmoid(z) * (1 - sigmoid(z))


def bp2(delta_next, w_next, z):
    return (w_next.T @ delta_next) * z * (1 - z)
