"""
mistake: an old graph
cell: test_descend
points: 0.5
"""


# %% descend
def descend(f, parameters, lr, steps):
    losses = []
    loss = f()
    for _ in range(steps):
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= lr * p.grad
        losses.append(loss.data)
    return losses
