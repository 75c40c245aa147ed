"""
mistake: true class only
cell: test_backward
points: 2.2857
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    if t.ndim == 1:
        dz = np.zeros(y.shape)
        rows = np.arange(len(y))
        dz[rows, t] = y[rows, t] - 1
    else:
        dz = y - t
    return upstream * dz / len(y)
