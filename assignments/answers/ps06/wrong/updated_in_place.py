"""
mistake: argument changed in place
cell: test_update
points: 2.5
"""


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    gradients = [backprop(x, y, weights, biases) for x, y in mini_batch]
    for nabla_b, nabla_w in gradients:
        for l in range(len(weights)):
            weights[l] -= eta / len(mini_batch) * nabla_w[l]
            biases[l] -= eta / len(mini_batch) * nabla_b[l]
    return weights, biases
