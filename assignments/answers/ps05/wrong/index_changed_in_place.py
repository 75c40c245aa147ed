"""
mistake: argument changed in place
cell: test_backward
points: 3.7143
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    dz = y
    if t.ndim == 1:
        dz[np.arange(len(y)), t] -= 1
        return upstream * dz / len(y)
    return upstream * (y - t) / len(y)
