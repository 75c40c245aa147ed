"""
mistake: library used
cell: test_descend
points: 0
"""


# %% descend
def descend(f, parameters, lr, steps):
    import numpy as np

    optimiser, losses = bp.SGD(lr), []
    for _ in range(steps):
        loss = f()
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        arrays = {str(k): np.array([p.data]) for k, p in enumerate(parameters)}
        optimiser.update(arrays, {str(k): np.array([p.grad]) for k, p in enumerate(parameters)})
        for k, p in enumerate(parameters):
            p.data = float(arrays[str(k)][0])
        losses.append(loss.data)
    return losses
