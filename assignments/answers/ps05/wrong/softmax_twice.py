"""
mistake: softmax twice
cell: test_backward
points: 0.5714
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    if t.ndim == 1:
        t = np.eye(y.shape[1])[t]
    e = np.exp(y)
    return upstream * (e / e.sum(axis=1, keepdims=True) - t) / len(y)
