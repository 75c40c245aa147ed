"""
mistake: not a column
cell: test_feedforward
points: 0.2857
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        zs.append(w @ activations[-1].ravel() + b.ravel())
        activations.append(sigmoid(zs[-1]))
    return zs, activations
