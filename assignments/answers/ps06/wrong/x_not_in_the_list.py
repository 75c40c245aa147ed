"""
mistake: yours hold 3 and 3
cell: test_feedforward
points: 0
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        zs.append(w @ activations[-1] + b)
        activations.append(sigmoid(zs[-1]))
    return zs, activations[1:]
