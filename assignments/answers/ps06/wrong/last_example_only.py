"""
mistake: one example only
cell: test_update
points: 0.5
"""


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    for x, y in mini_batch:
        nabla_b, nabla_w = backprop(x, y, weights, biases)
    step = eta / len(mini_batch)
    new_weights = [w - step * nabla for w, nabla in zip(weights, nabla_w, strict=True)]
    return new_weights, [b - step * nabla for b, nabla in zip(biases, nabla_b, strict=True)]
