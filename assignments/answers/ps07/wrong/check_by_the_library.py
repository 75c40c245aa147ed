"""
mistake: library used
cell: test_check
points: 0
"""

# %% check
import bplib as bp


def relative_errors(loss, gradient, params, x, t, h=1e-5):
    errors = {}
    for name, g in gradient(params, x, t).items():
        n = bp.numerical_gradient(lambda p: loss({**params, name: p}, x, t), params[name], h)
        scale = max(np.abs(g).max(), np.abs(n).max())
        errors[name] = np.abs(g - n).max() / scale if scale > 0 else 0.0
    return errors
