"""
mistake: last layer without sigmoid
cell: test_feedforward
points: 1.7143
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        zs.append(w @ activations[-1] + b)
        activations.append(sigmoid(zs[-1]))
    activations[-1] = zs[-1]
    return zs, activations
