"""
mistake: library used
cell: test_before
points: 0
"""


# %% before
def before(loss, params, x, t):
    from bplib.graph.numerical import numerical_gradient

    numerical_gradient(lambda b: loss(params, x, t), params["b2"])
    return "healthy"
