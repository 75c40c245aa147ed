"""
mistake: argument changed in place
cell: test_backward
points: 3.4286
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    if t.ndim == 1:
        t = np.eye(y.shape[1])[t]
    y -= t
    return upstream * y / len(y)
