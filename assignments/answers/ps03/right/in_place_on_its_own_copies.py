"""Copies first, and then every step in place on them."""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    x = x.copy()
    J = np.empty((len(f(x)), len(x)))
    for j in range(len(x)):
        middle = x[j]
        x[j] = middle + h
        J[:, j] = f(x)
        x[j] = middle - h
        J[:, j] -= f(x)
        x[j] = middle
    J /= 2 * h
    return J


# %% products
def pull_back(J, v):
    J = J.copy()
    for axis, n in enumerate(v.shape):
        assert J.shape[axis] == n
    J *= v.reshape(v.shape + (1,) * (J.ndim - v.ndim))
    for _ in range(v.ndim):
        J = J.sum(axis=0)
    return J


def push_forward(J, t):
    J = J.copy()
    J *= t
    for _ in range(t.ndim):
        J = J.sum(axis=-1)
    return J


# %% relu
def relu_backward(upstream, x):
    downstream = upstream.copy()
    downstream[x <= 0] = 0
    return downstream


# %% length
def squared_length(W, x):
    signal = W @ x
    f = np.sum(signal**2)
    signal *= 2
    dW = np.zeros_like(W)
    dW += signal[:, None]
    dW *= x
    dx = np.zeros_like(x)
    for i in range(len(W)):
        dx += signal[i] * W[i]
    return f, dW, dx


# %% softmax_jacobian
def softmax_jacobian(x):
    y = x.astype(float)
    y -= y.max()
    np.exp(y, out=y)
    y /= y.sum()
    J = np.zeros((len(y), len(y)))
    J -= y
    np.fill_diagonal(J, 1 - y)
    J *= y[:, np.newaxis]
    return J


# %% softmax_backward
def softmax_backward(upstream, y):
    downstream = upstream * y
    average = downstream.sum(1)
    for row, shares, own in zip(downstream, y, average):
        row -= shares * own
    return downstream


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    axes = list(y_shape) + list(x_shape)
    while axes:
        itemsize *= axes.pop()
    return itemsize
