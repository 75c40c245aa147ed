"""
mistake: upstream and 1/N missing
cell: test_backward
points: 0.5714
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    if t.ndim == 1:
        t = np.eye(y.shape[1])[t]
    return y - t
