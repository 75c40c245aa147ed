"""
mistake: moved too early
cell: test_update
points: 0.5
"""


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    step = eta / len(mini_batch)
    new_weights, new_biases = [w.copy() for w in weights], [b.copy() for b in biases]
    for x, y in mini_batch:
        nabla_b, nabla_w = backprop(x, y, new_weights, new_biases)
        for l in range(len(weights)):
            new_weights[l] -= step * nabla_w[l]
            new_biases[l] -= step * nabla_b[l]
    return new_weights, new_biases
