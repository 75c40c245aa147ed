"""
mistake: target rounded
cell: test_backward
points: 3.1429
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    if t.ndim == 2:
        t = t.argmax(axis=1)
    dz = y.copy()
    dz[np.arange(len(y)), t] -= 1
    return upstream * dz / len(y)
