"""
mistake: left at None
cell: test_backprop
points: 2.6667
"""


# %% backprop
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    zs, activations = feedforward(x, weights, biases)
    L = len(weights)
    nabla_b, nabla_w = [None] * L, [None] * L
    delta = bp1(activations[L] - y, zs[L - 1])
    nabla_b[L - 1], nabla_w[L - 1] = bp3(delta), bp4(activations[L - 1], delta)
    for l in range(L - 2, 0, -1):
        delta = bp2(delta, weights[l + 1], zs[l])
        nabla_b[l], nabla_w[l] = bp3(delta), bp4(activations[l], delta)
    return nabla_b, nabla_w
