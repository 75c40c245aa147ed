"""
mistake: library used
cell: test_gradient
points: 0
"""


# %% gradient
def wrong_gradients(loss, gradient, params, x, t):
    given = gradient(params, x, t)
    measured = {name: bp.numerical_gradient(lambda W: loss(params, x, t), params[name]) for name in params}
    return [name for name in params if not np.allclose(given[name], measured[name], rtol=1e-3)]
