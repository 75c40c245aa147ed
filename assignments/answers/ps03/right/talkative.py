"""Prints and warns on the way, small helpers, arrays turned into lists and back."""

# %% nudged
import warnings


def nudged_jacobian(f, x, h=1e-5):
    print("nudging", len(x), "inputs")
    warnings.warn("this takes two runs for each")
    columns = {}
    for j, unit in enumerate(np.identity(len(x)).tolist()):
        step = h * np.array(unit)
        columns[j] = (np.array(f(x + step)) - np.array(f(x - step))) / h / 2
    return np.transpose(list(columns.values()))


# %% products
def pull_back(J, v):
    print("back", J.shape, v.shape)
    if v.ndim > 1:
        return pull_back(np.concatenate(list(J)), np.concatenate(list(v)))
    return np.array([w * slopes for w, slopes in zip(v, J)]).sum(axis=0)


def push_forward(J, t):
    print("forth", J.shape, t.shape)
    sums = [np.sum(slopes * t) for slopes in J.reshape(-1, *t.shape)]
    return np.reshape(sums, J.shape[: J.ndim - t.ndim])


# %% relu
def relu_backward(upstream, x):
    print("relu", np.sum(x > 0), "of", x.size, "are open")
    return np.array([v if each > 0 else 0 for v, each in zip(upstream.flat, x.flat)]).reshape(x.shape)


# %% length
def squared_length(W, x):
    q = np.dot(W, x)
    print("q =", q)
    return {"f": np.sum(np.square(q)), "dW": np.kron(2 * q[:, None], x), "dx": np.dot(2 * q, W)}.values()


# %% softmax_jacobian
def softmax_jacobian(x):
    y = np.exp(x - x.mean())
    y = y / y.sum()
    print("shares", y)
    return np.where(np.eye(len(x), dtype=bool), y * (1 - y), -np.outer(y, y))


# %% softmax_backward
def softmax_backward(upstream, y):
    print("rows", len(y))
    centred = upstream - np.average(upstream, axis=1, weights=y).reshape(-1, 1)
    return np.multiply(centred, y).tolist()


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    print("sizes", y_shape, x_shape)
    return int(np.prod(np.array(y_shape + x_shape), dtype=np.int64)) * itemsize
