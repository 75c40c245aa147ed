"""
mistake: samples for classes
cell: test_before
points: 1.1538
"""


# %% before
def before(loss, params, x, t):
    first, known = loss(params, x, t), np.log(len(x))
    kept = {name: array.copy() for name, array in params.items()}
    for name in params:
        params[name][...] = 0.0
    blank = loss(params, x, t)
    for name, array in params.items():
        array[...] = kept[name]
    if abs(blank - known) > 1e-6:
        return "wrong at zero"
    if first > known + 1:
        return "sure too early"
    return "healthy"
