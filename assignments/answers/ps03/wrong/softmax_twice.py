"""
mistake: softmax of the shares
cell: test_softmax_backward
points: 1.5
"""


# %% softmax_backward
def softmax_backward(upstream, y):
    e = np.exp(y)
    y = e / e.sum(axis=1, keepdims=True)
    return y * (upstream - (upstream * y).sum(axis=1, keepdims=True))
