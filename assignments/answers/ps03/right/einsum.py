"""einsum wherever indices meet."""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    nudges = h * np.eye(x.size)
    moved = [f(x + s * nudge) for s in (1, -1) for nudge in nudges]
    sides = np.reshape(moved, (2, x.size, -1))
    return np.einsum("s,sji->ij", [1, -1], sides) / (2 * h)


# %% products
LETTERS = "abcdefgh"


def pull_back(J, v):
    axes = LETTERS[: J.ndim]
    return np.einsum(f"{axes},{axes[: v.ndim]}->{axes[v.ndim :]}", J, v)


def push_forward(J, t):
    axes, m = LETTERS[: J.ndim], J.ndim - t.ndim
    return np.einsum(f"{axes},{axes[m:]}->{axes[:m]}", J, t)


# %% relu
def relu_backward(upstream, x):
    return np.einsum("...,...->...", upstream, x > 0)


# %% length
def squared_length(W, x):
    q = np.einsum("ij,j->i", W, x)
    return np.einsum("i,i->", q, q), 2 * np.einsum("i,j->ij", q, x), 2 * np.einsum("i,ij->j", q, W)


# %% softmax_jacobian
def softmax_jacobian(x):
    y = np.exp(x - np.logaddexp.reduce(x))
    return np.einsum("i,ij->ij", y, np.eye(y.size) - y)


# %% softmax_backward
def softmax_backward(upstream, y):
    return y * upstream - np.einsum("nk,nk,nc->nc", upstream, y, y)


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return np.multiply.reduce([*y_shape, *x_shape, itemsize], dtype=np.int64)
