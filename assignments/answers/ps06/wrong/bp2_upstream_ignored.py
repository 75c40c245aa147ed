"""
mistake: upstream ignored
cell: test_errors
points: 1.5
"""


# %% errors
def bp1(cost_gradient, z):
    return cost_gradient * sigmoid(z) * (1 - sigmoid(z))


def bp2(delta_next, w_next, z):
    return w_next.T.sum(axis=1, keepdims=True) * sigmoid(z) * (1 - sigmoid(z))
