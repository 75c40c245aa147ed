"""
mistake: all zero
cell: test_backward
points: 0
"""


# %% backward
def gradient(params, x, t):
    grads = {name: np.zeros_like(params[name]) for name in params}
    for name in params:
        slope = grads[name]
        slope = np.ones_like(slope)
    return grads
