"""The library's own gates and sweeps, wherever they fit."""

# %% nudged
import bplib as bp


def nudged_jacobian(f, x, h=1e-5):
    rows = range(len(f(x)))
    return np.array([bp.numerical_gradient(lambda x: f(x)[i], x, h=h) for i in rows])


# %% products
def pull_back(J, v):
    return bp.vjp(lambda t: push_forward(J, t), np.zeros(J.shape[v.ndim :]), v)


def push_forward(J, t):
    y_shape = J.shape[: J.ndim - len(t.shape)]
    return (J.reshape(np.prod(y_shape), -1) @ t.reshape(-1)).reshape(y_shape)


# %% relu
def relu_backward(upstream, x):
    return bp.vjp(bp.relu, x, upstream)


# %% length
def squared_length(W, x):
    trace = bp.record(lambda W, x: bp.squared_norm(W @ x), W=W, x=x)
    return trace.output, trace.gradient["W"], trace.gradient["x"]


# %% softmax_jacobian
def softmax_jacobian(x):
    return bp.jacobian(bp.softmax, x)


# %% softmax_backward
def softmax_backward(upstream, y):
    (scores,) = bp.softmax.backward(upstream, y, np.log(y))
    return scores


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return bp.jacobian_size(y_shape, x_shape, f"f{itemsize}").bytes
