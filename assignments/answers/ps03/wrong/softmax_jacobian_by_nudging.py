"""
mistake: numerical derivative
cell: test_softmax_jacobian
points: 0
"""


# %% softmax_jacobian
def softmax_jacobian(x, h=1e-5):
    def softmax(x):
        e = np.exp(x - x.max())
        return e / e.sum()

    return np.column_stack([(softmax(x + h * e) - softmax(x - h * e)) / (2 * h) for e in np.eye(len(x))])
