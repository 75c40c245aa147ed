"""float32 wherever it is precise enough, and no branch anywhere."""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    return np.stack([f(x + e) - f(x - e) for e in np.diag(np.full(len(x), h))], axis=-1) / 2 / h


# %% products
def pull_back(J, v):
    return np.tensordot(v.astype(np.float32), J, axes=v.ndim)


def push_forward(J, t):
    return np.tensordot(J, t.astype(np.float32), axes=t.ndim)


# %% relu
def relu_backward(upstream, x):
    return upstream.astype(np.float32) * np.heaviside(x, 0).astype(np.float32)


# %% length
def squared_length(W, x):
    q = W @ x
    return np.float32(q @ q), (2 * q[:, None] * x).astype(np.float32), ((q + q) @ W).astype(np.float32)


# %% softmax_jacobian
def softmax_jacobian(x):
    y = 1 / np.exp(x - x[:, None]).sum(axis=1)
    return (y[:, None] * (np.eye(len(x)) - y[None, :])).astype(np.float32)


# %% softmax_backward
def softmax_backward(upstream, y):
    return (y * (upstream - np.sum(upstream * y, axis=-1)[:, None])).astype(np.float32)


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return np.prod(y_shape, dtype=float) * np.prod(x_shape, dtype=float) * itemsize
