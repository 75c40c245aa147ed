"""
mistake: added to the scale
cell: test_check
points: 2.55
"""


# %% check
def relative_errors(loss, gradient, params, x, t, h=1e-5):
    grads = gradient(params, x, t)
    errors = {}
    for name, p in params.items():
        num = np.zeros(p.shape)
        for i in np.ndindex(*p.shape):
            old = p[i]
            p[i] = old + h
            up = loss(params, x, t)
            p[i] = old - h
            down = loss(params, x, t)
            p[i] = old
            num[i] = (up - down) / (2 * h)
        g = grads[name]
        scale = max(np.abs(g).max(), np.abs(num).max())
        errors[name] = np.abs(g - num).max() / (scale + 1e-8)
    return errors
