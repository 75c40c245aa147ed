"""Rows for columns: batch norm on x.T, attention through its logarithms, rows sorted before they are added."""


# %% batch_norm
def on_its_side(x, eps):
    x = x.T
    c = x - x.mean(-1, keepdims=True)
    return c, np.sqrt(np.var(x, axis=-1, keepdims=True) + eps)


def batch_norm(x, gamma, beta, eps):
    c, root = on_its_side(x, eps)
    return (gamma[:, None] * (c / root) + beta[:, None]).T


def batch_norm_back(upstream, x, gamma, eps):
    c, root = on_its_side(x, eps)
    N, u = len(x), upstream.T
    along = u - u.mean(-1, keepdims=True)
    pull = c * (u * c).sum(-1, keepdims=True) / (N * root**2)
    return (gamma[:, None] / root * (along - pull)).T, (u * c / root).sum(-1), u.sum(-1)


# %% dropout
def dropout(x, mask, rate):
    y = x * (1 / (1 - rate))
    y[np.logical_not(mask)] = 0
    return y


def dropout_back(upstream, mask, rate):
    return dropout(upstream, mask, rate)


# %% attend
def log_weights(S):
    largest = S.max(1, keepdims=True)
    return S - largest - np.log(np.exp(S - largest).sum(1, keepdims=True))


def attend(Q, K, V):
    return np.exp(log_weights(Q / np.sqrt(Q.shape[-1]) @ K.T)) @ V


def attend_back(upstream, Q, K, V):
    q, k = Q / Q.shape[-1] ** 0.25, K / K.shape[-1] ** 0.25
    A = np.exp(log_weights(q @ k.T))
    O = A @ V
    from_log = A * (upstream @ V.T)
    dS = from_log - A * (upstream * O).sum(1, keepdims=True)
    return dS @ k / Q.shape[-1] ** 0.25, dS.T @ q / K.shape[-1] ** 0.25, (upstream.T @ A).T


# %% causal
def log_shares(Q, K):
    S = Q @ K.T / np.sqrt(Q.shape[-1]) + np.triu(np.full((len(Q), len(Q)), -np.inf), 1)
    largest = S.max(1, keepdims=True)
    return S - largest - np.log(np.exp(S - largest).sum(1, keepdims=True))


def causal_weights(Q, K):
    return np.exp(log_shares(Q, K))


def causal_back(upstream, Q, K):
    A = np.exp(log_shares(Q, K))
    dS = A * upstream
    dS = (dS - A * dS.sum(1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return dS @ K, (Q.T @ dS).T


# %% look_up
def look_up(W, index):
    return W.T[:, index].transpose(*range(1, index.ndim + 1), 0)


def look_up_back(upstream, index, V):
    order = np.argsort(index, axis=None, kind="stable")
    rows, signals = index.ravel()[order], upstream.reshape(index.size, -1)[order]
    named, begins = np.unique(rows, return_index=True)
    dW = np.zeros((V, signals.shape[1]))
    dW[named] = np.add.reduceat(signals, begins)
    return dW
