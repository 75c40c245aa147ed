"""
mistake: x in every layer
cell: test_feedforward
points: 0.2143
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        z = w @ x + b
        zs.append(z)
        activations.append(sigmoid(z))
    return zs, activations
