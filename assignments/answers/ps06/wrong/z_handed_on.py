"""
mistake: z handed on
cell: test_feedforward
points: 0.8571
"""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations, passed = [], [x], x
    for w, b in zip(weights, biases, strict=True):
        passed = w @ passed + b
        zs.append(passed)
        activations.append(sigmoid(passed))
    return zs, activations
