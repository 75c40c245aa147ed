"""
mistake: counted from 1
cell: test_backward
points: 2.2857
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    dz = y.copy()
    if t.ndim == 1:
        dz[np.arange(len(y)), t - 1] -= 1
    else:
        dz -= t
    return upstream * dz / len(y)
