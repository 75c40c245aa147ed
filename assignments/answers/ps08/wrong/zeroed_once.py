"""
mistake: gradients left in
cell: test_descend
points: 0.5
"""


# %% descend
def descend(f, parameters, lr, steps):
    losses = []
    for p in parameters:
        p.grad = 0.0
    for _ in range(steps):
        loss = f()
        loss.backward()
        for p in parameters:
            p.data -= lr * p.grad
        losses.append(loss.data)
    return losses
