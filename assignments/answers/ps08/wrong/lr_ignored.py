"""
mistake: lr ignored
cell: test_descend
points: 0.5
"""


# %% descend
def descend(f, parameters, lr, steps):
    losses = []
    for _ in range(steps):
        loss = f()
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= p.grad
        losses.append(loss.data)
    return losses
