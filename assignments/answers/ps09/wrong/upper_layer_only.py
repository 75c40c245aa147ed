"""
mistake: first layer kept
cell: test_before
points: 2.7692
"""


# %% before
def before(loss, params, x, t):
    first, known = loss(params, x, t), np.log(params["W2"].shape[1])
    kept = {name: array.copy() for name, array in params.items()}
    for name in ("W2", "b2"):
        params[name][...] = 0.0
    blank = loss(params, x, t)
    for name, array in params.items():
        array[...] = kept[name]
    if abs(blank - known) > 1e-6:
        return "wrong at zero"
    if first > known + 1:
        return "sure too early"
    return "healthy"
