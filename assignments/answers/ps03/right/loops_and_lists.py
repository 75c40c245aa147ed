"""Plain loops over indices, and lists where arrays are not needed."""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    J = []
    for i in range(len(f(x))):
        row = []
        for j in range(len(x)):
            up, down = list(x), list(x)
            up[j] += h
            down[j] -= h
            row.append((f(np.array(up))[i] - f(np.array(down))[i]) / (2 * h))
        J.append(row)
    return J


# %% products
def pull_back(J, v):
    back = np.zeros(J.shape[v.ndim :])
    for i in np.ndindex(v.shape):
        for j in np.ndindex(back.shape):
            back[j] += v[i] * J[i + j]
    return back


def push_forward(J, t):
    forth = np.zeros(J.shape[: J.ndim - t.ndim])
    for i in np.ndindex(forth.shape):
        for j in np.ndindex(t.shape):
            forth[i] += J[i + j] * t[j]
    return forth


# %% relu
def relu_backward(upstream, x):
    downstream = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        if x[i] > 0:
            downstream[i] = upstream[i]
    return downstream


# %% length
def squared_length(W, x):
    m, n = W.shape
    q = [sum(W[i, j] * x[j] for j in range(n)) for i in range(m)]
    dW = [[2 * q[i] * x[j] for j in range(n)] for i in range(m)]
    dx = [sum(2 * q[i] * W[i, j] for i in range(m)) for j in range(n)]
    return sum(each * each for each in q), dW, dx


# %% softmax_jacobian
def softmax_jacobian(x):
    e = [np.exp(each - max(x)) for each in x]
    y = [each / sum(e) for each in e]
    J = []
    for i in range(len(y)):
        J.append([y[i] * (1 - y[i]) if i == j else -y[i] * y[j] for j in range(len(y))])
    return J


# %% softmax_backward
def softmax_backward(upstream, y):
    rows = []
    for v, shares in zip(upstream, y):
        average = 0.0
        for each, share in zip(v, shares):
            average += each * share
        rows.append([share * (each - average) for each, share in zip(v, shares)])
    return rows


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    total = itemsize
    for n in y_shape:
        total = total * n
    for n in x_shape:
        total = total * n
    return total
