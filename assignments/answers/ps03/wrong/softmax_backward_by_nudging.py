"""
mistake: numerical derivative
cell: test_softmax_backward
points: 0
"""


# %% softmax_backward
def softmax_backward(upstream, y, h=1e-5):
    """Along the upstream of each row: the table is symmetric, so one nudge is enough."""

    def softmax(x):
        e = np.exp(x)
        return e / e.sum(axis=1, keepdims=True)

    return (softmax(np.log(y) + h * upstream) - softmax(np.log(y) - h * upstream)) / (2 * h)
