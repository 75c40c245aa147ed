"""
mistake: mean for maximum
cell: test_check
points: 1.5
"""


# %% check
def relative_errors(loss, gradient, params, x, t, h=1e-5):
    errors = {}
    for name, g in gradient(params, x, t).items():
        p, n = params[name], np.zeros_like(params[name])
        for k in np.ndindex(p.shape):
            middle = p[k]
            p[k] = middle + h
            above = loss(params, x, t)
            p[k] = middle - h
            below = loss(params, x, t)
            p[k] = middle
            n[k] = (above - below) / (2 * h)
        scale = max(np.abs(g).max(), np.abs(n).max())
        errors[name] = np.abs(g - n).mean() / scale if scale > 0 else 0.0
    return errors
