"""
mistake: one step too many
cell: test_descend
points: 1
"""


# %% descend
def descend(f, parameters, lr, steps):
    losses = []
    for _ in range(steps + 1):
        loss = f()
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= lr * p.grad
        losses.append(loss.data)
    return losses[:steps]
