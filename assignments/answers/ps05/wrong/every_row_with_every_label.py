"""
mistake: every row with every label
cell: test_backward
points: 2.2857
"""


# %% backward
def softmax_loss_backward(upstream, y, t):
    dz = y.copy()
    if t.ndim == 1:
        dz[:, t] -= 1
    else:
        dz -= t
    return upstream * dz / len(y)
