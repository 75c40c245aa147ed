"""Views, masks and broadcasting; products as sums of scaled rows."""

# %% nudged
from math import prod


def nudged_jacobian(f, x, h=1e-5):
    def slope(unit):
        return (f(x + h * unit) - f(x - h * unit)) / (2 * h)

    return np.apply_along_axis(slope, 0, np.eye(len(x)))


# %% products
def pull_back(J, v):
    lines = J.reshape(v.size, *J.shape[v.ndim :])
    return sum(weight * line for weight, line in zip(v.flat, lines))


def push_forward(J, t):
    return np.sum(J * t, axis=tuple(range(-t.ndim, 0)))


# %% relu
def relu_backward(upstream, x):
    downstream, open_ = np.zeros_like(upstream), x > 0
    downstream[open_] = upstream[open_]
    return downstream


# %% length
def squared_length(W, x):
    row = x[np.newaxis]
    column = W @ row.T
    return (column.T @ column).item(), 2 * column @ row, (2 * column.T @ W)[0]


# %% softmax_jacobian
def softmax_jacobian(x):
    shares = np.exp(x - np.max(x))
    shares = (shares / np.sum(shares)).reshape(-1, 1)
    J = -shares @ shares.T
    J.flat[:: len(x) + 1] += shares.ravel()
    return J


# %% softmax_backward
def softmax_backward(upstream, y):
    downstream = np.empty_like(y)
    for n in range(len(y)):
        v, shares = upstream[n], y[n]
        downstream[n] = shares * v - shares * (shares @ v)
    return downstream


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return prod(y_shape) * prod(x_shape) * itemsize
