"""
mistake: a kept for z
cell: test_feedforward
points: 1.1429
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        z = w @ activations[-1] + b
        zs.append(z)
        z[:] = sigmoid(z)
        activations.append(z)
    return zs, activations
