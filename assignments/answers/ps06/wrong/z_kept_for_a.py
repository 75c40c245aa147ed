"""
mistake: z kept for a
cell: test_feedforward
points: 1.1429
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations, a = [], [x], x
    for w, b in zip(weights, biases, strict=True):
        z = w @ a + b
        a = sigmoid(z)
        zs.append(z)
        activations.append(z)
    return zs, activations
