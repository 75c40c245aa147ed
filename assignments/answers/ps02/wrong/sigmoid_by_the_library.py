"""
mistake: library used
cell: test_sigmoid
points: 0
"""

# %% sigmoid
import bplib as bp


def stages(upstream, x):
    def opened(x):
        a = -x
        b = bp.exp(a)
        c = 1 + b
        return 1 / c

    gradient = bp.record(opened, upstream=upstream, x=x).gradient
    return [gradient[name] for name in "cbax"]


def sigmoid_forward(x):
    return bp.sigmoid(x)


def sigmoid_backward(upstream, y):
    (dx,) = bp.sigmoid.backward(upstream, y, np.zeros(np.shape(y)))
    return dx
