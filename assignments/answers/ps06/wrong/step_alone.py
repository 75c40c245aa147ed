"""
mistake: step alone
cell: test_update
points: 0.5
"""


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    step = eta / len(mini_batch)
    new_weights, new_biases = [0 * w for w in weights], [0 * b for b in biases]
    for x, y in mini_batch:
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        for l in range(len(weights)):
            new_weights[l] -= step * nabla_w[l]
            new_biases[l] -= step * nabla_b[l]
    return new_weights, new_biases
