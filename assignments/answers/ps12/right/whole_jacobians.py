"""Jacobians in full: a matrix for each column, for each row of weights, for each row that is chosen."""


# %% batch_norm
def off_the_mean(N):
    return np.eye(N) - np.full((N, N), 1 / N)


def batch_norm(x, gamma, beta, eps):
    columns = []
    for j, column in enumerate(x.T):
        c = off_the_mean(len(x)) @ column
        columns.append(gamma[j] * c / np.sqrt(c @ c / len(c) + eps) + beta[j])
    return np.array(columns).T


def batch_norm_back(upstream, x, gamma, eps):
    N = len(x)
    dx, dgamma = np.zeros_like(x), np.zeros_like(gamma)
    for j, column in enumerate(x.T):
        P = off_the_mean(N)
        c = P @ column
        sigma = np.sqrt(c @ c / N + eps)
        of_standard = np.eye(N) / sigma - np.outer(c, c) / (N * sigma**3)
        J = gamma[j] * of_standard @ P
        dx[:, j] = J.T @ upstream[:, j]
        dgamma[j] = upstream[:, j] @ c / sigma
    return dx, dgamma, np.ones(N) @ upstream


# %% dropout
def dropout(x, mask, rate):
    J = np.diag(mask.ravel() / (1 - rate))
    return (J @ x.ravel()).reshape(x.shape)


def dropout_back(upstream, mask, rate):
    J = np.diag(mask.ravel() / (1 - rate))
    return (J.T @ upstream.ravel()).reshape(upstream.shape)


# %% attend
def of_one(q, K):
    s = K @ q / np.sqrt(len(q))
    e = np.exp(s - s.max())
    return e / e.sum()


def attend(Q, K, V):
    return np.vstack([V.T @ of_one(q, K) for q in Q])


def attend_back(upstream, Q, K, V):
    dQ, dK, dV = np.empty_like(Q), np.zeros_like(K), np.zeros_like(V)
    for t, (q, sent) in enumerate(zip(Q, upstream)):
        a = of_one(q, K)
        J = np.diag(a) - np.outer(a, a)
        ds = J.T @ (V @ sent) / np.sqrt(len(q))
        dQ[t] = K.T @ ds
        dK += np.outer(ds, q)
        dV += np.outer(a, sent)
    return dQ, dK, dV


# %% causal
def so_far(i, Q, K):
    s = K[: i + 1] @ Q[i] / np.sqrt(Q.shape[1])
    e = np.exp(s - s.max())
    return e / e.sum()


def causal_weights(Q, K):
    A = np.zeros((len(Q), len(Q)))
    for i in range(len(Q)):
        A[i, : i + 1] = so_far(i, Q, K)
    return A


def causal_back(upstream, Q, K):
    dQ, dK = np.empty_like(Q), np.zeros_like(K)
    for i, q in enumerate(Q):
        a = so_far(i, Q, K)
        ds = (np.diag(a) - np.outer(a, a)) @ upstream[i, : i + 1] / np.sqrt(len(q))
        dQ[i] = ds @ K[: i + 1]
        dK[: i + 1] += np.outer(ds, q)
    return dQ, dK


# %% look_up
def look_up(W, index):
    one_hot = np.eye(len(W))[index]
    return one_hot @ W


def look_up_back(upstream, index, V):
    one_hot = np.eye(V)[index.ravel()]
    return one_hot.T @ upstream.reshape(index.size, -1)
