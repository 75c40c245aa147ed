"""
mistake: w transposed
cell: test_feedforward
points: 0.0714
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        zs.append((activations[-1].T @ w).T + b)
        activations.append(sigmoid(zs[-1]))
    return zs, activations
